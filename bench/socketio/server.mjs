// The npm socket.io server, doing what server.cpp does.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const { Server } = createRequire(new URL('../../tests/package.json', import.meta.url))('socket.io');
const http = createServer();
const io = new Server(http);
io.on('connection', (socket) => {
  socket.on('publish', (message) => io.emit('event', message));
  socket.on('echo', (message) => socket.emit('event', message));
});
http.listen(0, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${http.address().port}`));
process.on('SIGTERM', () => process.exit(0));
