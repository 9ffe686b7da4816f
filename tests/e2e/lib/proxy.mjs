// A TCP proxy in front of the server: the network between a browser and the server, which a test
// can cut and mend. Media that goes from browser to browser does not pass it.
import net from 'node:net';

export async function startProxy({ t, server }) {
  const target = Number(new URL(server.url).port);
  const sockets = new Set();
  let cut = false;

  const listener = net.createServer((near) => {
    if (cut) {
      near.destroy();
      return;
    }
    const far = net.connect(target, '127.0.0.1');
    for (const [socket, other] of [[near, far], [far, near]]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));

  const proxy = {
    url: `http://127.0.0.1:${listener.address().port}`,
    // Breaks every connection, and refuses new ones until mend().
    cut() {
      cut = true;
      for (const socket of sockets) socket.destroy();
    },
    mend() {
      cut = false;
    },
    close() {
      proxy.cut();
      listener.close();
    },
  };
  t?.after(() => proxy.close());
  return proxy;
}
