// Messages of applications by data channel: from peer to peer, by the server, and while the one becomes the other.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";

import { launchChromium } from "./lib/browsers.mjs";
import { assertNoProblems, connected, enter } from "./lib/meeting.mjs";
import { startServer } from "./lib/server.mjs";
import { until } from "./lib/wait.mjs";

const kPatience = { timeout: 60_000 };

// Notes what comes, as {from, data, reliable}; bytes as a list of numbers. The page's scripts may not have run yet.
async function listen(page) {
  await until("the page to have its room", () => page.evaluate(() => Boolean(window.parley)), kPatience);
  return page.evaluate(() => {
    window.heard = [];
    window.parley.on("message", ({ from, data, reliable }) => {
      window.heard.push({
        from: from.name,
        data: typeof data === "string" ? data : [...data],
        reliable,
      });
    });
  });
}

const heard = (page, from) =>
  page.evaluate((name) => window.heard.filter((message) => message.from === name), from);

// Begins to say 0, 1, 2 … to everyone; resolves to a function that ends it and tells how many there were.
async function count(page) {
  await page.evaluate(() => {
    window.counted = 0;
    window.counting = setInterval(
      () => window.parley.send(String(window.counted)) && (window.counted += 1),
      40,
    );
  });
  return () =>
    page.evaluate(() => {
      clearInterval(window.counting);
      return window.counted;
    });
}

// Each of the two gets from the other: text and bytes, reliable and not, for everyone and alone.
async function exchange(one, other, sid) {
  const before = (await heard(other, one.personName)).length;
  assert.ok(await one.evaluate(() => window.parley.send("to all")));
  assert.ok(await one.evaluate((to) => window.parley.send(Uint8Array.of(1, 2, 3), { to }), sid));
  await until(
    `${other.personName} to hear ${one.personName}`,
    async () => (await heard(other, one.personName)).length >= before + 2,
    kPatience,
  );
  const arrived = (await heard(other, one.personName)).slice(before);
  const expected = [
    { from: one.personName, data: "to all", reliable: true },
    { from: one.personName, data: [1, 2, 3], reliable: true },
  ];
  for (const message of expected)
    assert.deepEqual(
      arrived.filter(({ data }) => String(data) === String(message.data)),
      [message],
    );
  await until(
    `${other.personName} to hear what may be lost`,
    async () => {
      await one.evaluate(() => window.parley.send("!", { reliable: false }));
      return (await heard(other, one.personName)).some(
        ({ data, reliable }) => data === "!" && !reliable,
      );
    },
    kPatience,
  );
}

test(
  "messages come once and in order, from peer to peer, by the server and in between",
  { timeout: 300_000 },
  async (t) => {
    const config = path.join(process.env.TMPDIR ?? "/tmp", `parley-messages-${process.pid}.toml`);
    await writeFile(config, "[rooms]\nmesh_limit = 2\n");
    const server = await startServer({ t, args: ["--config", config] });
    const browser = await launchChromium({ t });
    const size = { width: 640, height: 480 };
    const ada = await enter(browser, server, { name: "Ada", ...size });
    const bob = await enter(browser, server, { name: "Bob", ...size });
    for (const page of [ada, bob]) await connected(page, 1, kPatience);
    for (const page of [ada, bob]) await listen(page);
    const sidOf = (page) => page.evaluate(() => window.parley.sid);
    await exchange(ada, bob, await sidOf(bob));
    await exchange(bob, ada, await sidOf(ada));

    const ends = [await count(ada), await count(bob)];
    const cleo = await enter(browser, server, { name: "Cleo", ...size });
    await listen(cleo);
    for (const page of [ada, bob, cleo]) {
      await until(
        "the room to be on the server",
        () => page.evaluate(() => window.parley.topology === "sfu"),
        kPatience,
      );
      await connected(page, 1, kPatience); // The old ways are closed.
    }
    for (const [page, other, end] of [
      [ada, bob, ends[0]],
      [bob, ada, ends[1]],
    ]) {
      const sent = await end();
      const numbers = async () => {
        const all = await heard(other, page.personName);
        return all.map(({ data }) => data).filter((data) => /^\d+$/.test(String(data)));
      };
      await until(
        `${other.personName} to have heard all`,
        async () => (await numbers()).at(-1) === String(sent - 1),
        kPatience,
      );
      assert.deepEqual(
        await numbers(),
        Array.from({ length: sent }, (_none, index) => String(index)),
      );
    }
    await exchange(ada, cleo, await sidOf(cleo));
    await exchange(cleo, bob, await sidOf(bob));
    const toBob = (await heard(bob, "Ada")).filter(({ data }) => String(data) === "1,2,3");
    assert.equal(toBob.length, 1, "what is for Cleo alone is not for Bob");
    assertNoProblems(ada, bob, cleo);
  },
);
