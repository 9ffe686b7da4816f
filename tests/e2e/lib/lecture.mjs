// A lecture that an account keeps, and the links that lead into it.
import assert from 'node:assert/strict';

const kMaySpeak = { microphone: true, camera: true, screen: true, chat: true, todo: true };

// Makes one, with such settings. Resolves to what makes a join token in it, with its link: {token, url}.
export async function keepLecture(server, room, settings = {}) {
  let cookie;
  const post = async (where, body) => {
    const headers = { Origin: server.url, 'Content-Type': 'application/json', ...(cookie && { Cookie: cookie }) };
    const response = await fetch(server.url + where, { method: 'POST', headers, body: JSON.stringify(body) });
    assert.equal(response.status, 201, await response.clone().text());
    return response;
  };
  const registered = await post('/api/auth/register', { name: 'keeper', password: 'correct horse' });
  cookie = registered.headers.getSetCookie().map((each) => each.split(';')[0]).join('; ');
  await post('/api/rooms', { name: room, lecture: true, ...settings });
  return async (name, { speaks = true } = {}) => {
    const token = { name, expiresInSeconds: 3600, ...(speaks && { permissions: kMaySpeak }) };
    return (await post(`/api/rooms/${room}/join-tokens`, token)).json();
  };
}
