/** Session descriptions made readable: sections, and for each line what it means (RFC 8866, 9429). */
import { parseCandidate } from '@parley/client';
import type { sdpMeanings } from '../words/inspector_sdp';

export type Meaning = keyof typeof sdpMeanings;

export interface SdpLine {
  readonly text: string;
  /** Which sentence explains it, with the pieces of the line that go into it; undefined: an unknown line. */
  readonly meaning: Meaning | undefined;
  readonly values: readonly string[];
  /** What it is about: lines of two descriptions with the same subject say something of the same thing. */
  readonly subject: string;
}

export interface SdpSection {
  /** Empty for the session's own lines. */
  readonly kind: string;
  readonly mid: string;
  readonly lines: readonly SdpLine[];
}

/** A description may have so many lines; sixteen people's section lists stay far below. */
const kMaxLines = 4000;

/** Splits a description into its session part and one section for each `m=` line. Never fails. */
export function readSdp(sdp: string): SdpSection[] {
  const parts: string[][] = [[]];
  for (const line of sdp.split(/\r\n|\r|\n/, kMaxLines)) {
    if (line.startsWith('m=')) parts.push([]);
    if (line !== '') parts.at(-1)?.push(line);
  }
  return parts.filter((lines) => lines.length > 0).map(sectionOf);
}

function sectionOf(lines: readonly string[], index: number): SdpSection {
  const kind = /^m=(\S+)/.exec(lines[0] ?? '')?.[1] ?? '';
  const mid = lines.map((line) => /^a=mid:(\S+)/.exec(line)?.[1]).find((found) => found !== undefined);
  const codecs = new Map<string, string>();
  for (const line of lines) {
    const [, type, name] = /^a=rtpmap:(\d+) ([^/\s]+)/.exec(line) ?? [];
    if (type && name) codecs.set(type, name);
  }
  return { kind, mid: mid ?? (kind && String(index - 1)), lines: lines.map((line) => explain(line, codecs)) };
}

function explain(text: string, codecs: ReadonlyMap<string, string>): SdpLine {
  const [, type = '', value = ''] = /^(\w)=(.*)$/.exec(text) ?? [];
  if (type === 'a') return attribute(text, value, codecs);
  const words = value.split(' ');
  const found: Partial<Record<string, [Meaning, ...string[]]>> = {
    v: ['version'],
    o: ['origin', words[1] ?? '', words[2] ?? ''],
    s: ['sessionName'],
    t: ['timing'],
    c: ['connection'],
    b: ['bandwidth', ...(value.split(':') as [string])],
    m: ['media', words[0] ?? '', words[1] ?? '', words[2] ?? ''],
  };
  const [meaning, ...values] = found[type] ?? [];
  return { text, meaning, values, subject: type };
}

type Explain = (value: string, words: readonly string[], codecs: ReadonlyMap<string, string>) => [Meaning, ...string[]];

const kDirections = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;

const kAttributes: Readonly<Record<string, Explain>> = {
  group: (_, [kind = '', ...mids]) => (kind === 'BUNDLE' ? ['group', mids.join(', ')] : ['groupOther', kind]),
  'extmap-allow-mixed': () => ['extmapMixed'],
  'msid-semantic': () => ['msidSemantic'],
  rtcp: () => ['rtcp'],
  candidate: (value) => {
    const { type = '', protocol = '', address = '', port = '' } = parseCandidate(`candidate:${value}`) ?? {};
    return ['candidate', type, protocol, `${address}:${port}`];
  },
  'end-of-candidates': () => ['endOfCandidates'],
  'ice-ufrag': (value) => ['ufrag', value],
  'ice-pwd': () => ['pwd'],
  'ice-options': (value) => ['iceOptions', value],
  'ice-lite': () => ['iceLite'],
  fingerprint: (_, [hash = '']) => ['fingerprint', hash],
  setup: (value) => ['setup', value],
  mid: (value) => ['mid', value],
  extmap: (_, [id = '', uri = '']) => ['extmap', id, uri],
  ...Object.fromEntries(kDirections.map((direction) => [direction, (): [Meaning] => [direction]])),
  msid: () => ['msid'],
  'rtcp-mux': () => ['rtcpMux'],
  'rtcp-rsize': () => ['rtcpRsize'],
  'rtcp-xr': () => ['rtcpXr'],
  rtpmap: (_, [type = '', codec = '']) => ['rtpmap', type, codec],
  fmtp: (_, [type = ''], codecs) => ['fmtp', type, codecs.get(type) ?? ''],
  'rtcp-fb': (_, [type = '', ...kind], codecs) => feedback(codecs.get(type) ?? type, kind.join(' ')),
  ssrc: (_, [id = '', what = '']) => ['ssrc', id, what.split(':')[0] ?? ''],
  'ssrc-group': (_, [kind = '', ...ids]) => ['ssrcGroup', kind, ids.join(', ')],
  'sctp-port': () => ['sctpPort'],
  'max-message-size': (value) => ['maxMessage', value],
  rid: (_, [name = '', direction = '']) => ['rid', name, direction],
  simulcast: () => ['simulcast'],
  'bundle-only': () => ['bundleOnly'],
  ptime: (value) => ['packetTime', value],
  maxptime: (value) => ['packetTime', value],
};

const kFeedback: Readonly<Record<string, Meaning>> = {
  nack: 'feedbackNack',
  'nack pli': 'feedbackPli',
  'ccm fir': 'feedbackFir',
  'goog-remb': 'feedbackRemb',
  'transport-cc': 'feedbackTwcc',
};

function feedback(codec: string, kind: string): [Meaning, ...string[]] {
  const meaning = kFeedback[kind];
  return meaning ? [meaning, codec] : ['feedback', codec, kind];
}

/** Attributes of which there are many: the first word of the value, or two, tells one from another. */
const kSubjectWords: Readonly<Record<string, number>> = {
  ...{ rtpmap: 1, fmtp: 1, 'rtcp-fb': 9, candidate: 99, ssrc: 2, 'ssrc-group': 1, rid: 1, group: 1, extmap: 2 },
};

function attribute(text: string, whole: string, codecs: ReadonlyMap<string, string>): SdpLine {
  const colon = whole.indexOf(':');
  const name = colon < 0 ? whole : whole.slice(0, colon);
  const value = colon < 0 ? '' : whole.slice(colon + 1);
  const words = value.split(' ');
  const explainer = Object.hasOwn(kAttributes, name) ? kAttributes[name] : undefined;
  const [meaning, ...values] = explainer?.(value, words, codecs) ?? [];
  const isDirection = kDirections.some((direction) => direction === name);
  const about = words.slice(0, kSubjectWords[name] ?? 0).join(' ');
  return { text, meaning, values, subject: isDirection ? 'a=direction' : `a=${name} ${about}` };
}

export type Difference = 'same' | 'changed' | 'only';

export interface ComparedSection extends SdpSection {
  readonly lines: readonly (SdpLine & { readonly difference: Difference })[];
}

/** Marks what of `sdp` is said otherwise in `other`, or not at all, section by section. */
export function compareSdp(sdp: readonly SdpSection[], other: readonly SdpSection[] | undefined): ComparedSection[] {
  return sdp.map((section) => {
    const twin = other?.find(({ kind, mid }) => kind === section.kind && mid === section.mid);
    const texts = new Set(twin?.lines.map(({ text }) => text));
    const subjects = new Set(twin?.lines.map(({ subject }) => subject));
    const differenceOf = ({ text, subject }: SdpLine): Difference => {
      if (!other || texts.has(text)) return 'same';
      return subjects.has(subject) ? 'changed' : 'only';
    };
    return { ...section, lines: section.lines.map((line) => ({ ...line, difference: differenceOf(line) })) };
  });
}
