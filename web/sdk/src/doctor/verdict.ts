import { allow, bestRelay, Draft, portOf, type Overall, type Verdict, type Weight } from './draft';
import type { DoctorInfo, Findings } from './findings';
import { judgeAddresses } from './judge_addresses';
import { judgeRelays } from './judge_relays';

/** What the findings mean, the worst first. The same findings give the same verdict. */
export function verdictOf(findings: Findings): Verdict {
  const draft = new Draft();
  const { info } = findings.server ?? {};
  if (!judgeServer(findings, draft) || !info) return finish(draft, 'unknown');
  judgeDoors(findings, draft);
  if (judgePage(findings, info, draft)) {
    judgeRelays(findings, info, draft);
    judgeAddresses(findings, info, draft);
    judgeQuality(findings, draft);
  }
  for (const warning of info.warnings) draft.fix('warning', undefined, warning);
  return finish(draft, 'good');
}

function finish(draft: Draft, otherwise: Overall): Verdict {
  const { sentences, person, operator } = draft;
  const has = (weight: Weight) => sentences.some((sentence) => sentence.weight === weight);
  const overall = has('end') ? 'fails' : has('limit') ? 'restricted' : otherwise;
  if (overall === 'good') sentences.unshift({ weight: 'good', key: 'all-good' });
  if (person.length === 0) person.push({ key: 'nothing' });
  const rank: Record<Weight, number> = { end: 0, limit: 1, good: 2, note: 3 };
  sentences.sort((a, b) => rank[a.weight] - rank[b.weight]);
  return { overall, sentences, person, operator };
}

// False where there is nothing more to judge.
function judgeServer({ page, server }: Findings, draft: Draft): boolean {
  switch (server?.state) {
    case 'ok':
      return true;
    case 'refused':
      draft.say('note', 'log-in');
      draft.advise('log-in');
      return false;
    case 'missing':
      draft.say('note', 'no-doctor');
      draft.fix('update');
      return false;
    case 'busy':
      draft.say('note', 'busy');
      draft.advise('try-later');
      return false;
    default:
      draft.say('end', page.online ? 'unreachable' : 'offline', page.origin);
      draft.advise('check-connection');
      if (page.online) {
        draft.fix('running', 'systemctl status parley');
        draft.fix('open-web', allow(portOf(page.origin), 'tcp'));
      }
      return false;
  }
}

function judgeDoors({ websocket, polling }: Findings, draft: Draft): void {
  if (websocket?.works) {
    if (polling && !polling.works) draft.say('note', 'no-polling');
    return;
  }
  if (polling?.works) draft.say('limit', 'polling-only');
  else draft.say('end', 'no-signalling');
  draft.advise('ask-websocket');
  draft.fix('upgrade-header', 'proxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection "upgrade";');
}

function judgePage({ page }: Findings, { ports }: DoctorInfo, draft: Draft): boolean {
  if (!page.webrtc) {
    draft.say('end', 'no-webrtc');
    draft.advise('other-browser');
    return false;
  }
  if (!page.secure) {
    const { hostname } = new URL(page.origin);
    draft.say('limit', 'insecure');
    if (ports.https !== null) draft.advise('use-https', `https://${hostname}:${ports.https}/`);
    draft.fix('https', '[https]\nlisten = "[::]:8443"');
  }
  return true;
}

/** Beyond this, in milliseconds, people talk into each other's words (ITU-T G.114: 150 one way). */
const kFar = 300;
/** In percent: what sound and picture can hide. */
const kLossy = 3;
/** In Mbit/s: one picture of 360 lines, and a voice. */
const kSlow = 0.8;

function judgeQuality({ relays }: Findings, draft: Draft): void {
  const best = bestRelay(relays);
  if (!best) return;
  const { loss = 0, roundTrip = 0, bandwidth } = best;
  if (loss > kLossy) draft.say('limit', 'lossy', loss.toFixed(loss < 10 ? 1 : 0));
  if (roundTrip > kFar) draft.say('limit', 'far', roundTrip.toFixed(0));
  if (bandwidth !== undefined && bandwidth < kSlow) draft.say('limit', 'slow', bandwidth.toFixed(1));
  if (loss > kLossy || roundTrip > kFar || (bandwidth ?? kSlow) < kSlow) draft.advise('closer');
}
