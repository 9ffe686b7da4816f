import type { LoggedConnection } from '@parley/client';
import { useId, useState } from 'react';
import { headerExtensions, sdpMeanings, sdpReader as words } from '../words/inspector_sdp';
import { moment } from './format';
import { negotiationsOf, type Described } from './negotiations';
import { compareSdp, readSdp, type ComparedSection, type Difference, type SdpLine, type SdpSection } from './sdp';
import styles from './SdpView.module.css';

/** Offer and answer side by side, each line with what it means, and what one says otherwise than the other. */
export function SdpView({ peer }: { readonly peer: LoggedConnection | undefined }) {
  const negotiations = negotiationsOf(peer);
  const [chosen, setChosen] = useState<number>();
  const [onlyDifferent, setOnlyDifferent] = useState(false);
  const id = useId();
  const index = Math.min(chosen ?? negotiations.length - 1, negotiations.length - 1);
  const negotiation = negotiations[index];
  if (!negotiation) return <p>{words.none}</p>;
  const offer = readSdp(negotiation.offer.sdp);
  const answer = negotiation.answer && readSdp(negotiation.answer.sdp);
  return (
    <div className={styles.reader}>
      <p className={styles.lead}>{words.lead}</p>
      <div className={styles.tools}>
        {negotiations.length > 1 && (
          <label>
            {words.which}{' '}
            <select value={index} onChange={(event) => setChosen(Number(event.currentTarget.value))}>
              {negotiations.map(({ offer: { at } }, number) => (
                <option key={number} value={number}>
                  {number + 1} · {moment(at)}
                </option>
              ))}
            </select>
          </label>
        )}
        <span className={styles.toggle}>
          <input
            id={id}
            type="checkbox"
            checked={onlyDifferent}
            onChange={(event) => setOnlyDifferent(event.currentTarget.checked)}
          />
          <label htmlFor={id}>{words.difference}</label>
        </span>
      </div>
      <div className={styles.sides} data-only-different={onlyDifferent}>
        <Side title={words.offer} described={negotiation.offer} sdp={offer} other={answer} />
        {negotiation.answer && answer && (
          <Side title={words.answer} described={negotiation.answer} sdp={answer} other={offer} />
        )}
      </div>
    </div>
  );
}

interface SideProps {
  readonly title: string;
  readonly described: Described;
  readonly sdp: readonly SdpSection[];
  readonly other: readonly SdpSection[] | undefined;
}

function Side({ title, described: { at, ours }, sdp, other }: SideProps) {
  const time = moment(at);
  return (
    <section className={styles.side} aria-label={title} data-testid="inspector-sdp">
      <h3>
        {title} <small>{ours ? words.ours(time) : words.theirs(time)}</small>
      </h3>
      {compareSdp(sdp, other).map((section, index) => (
        <Section key={index} section={section} />
      ))}
    </section>
  );
}

function Section({ section: { kind, mid, lines } }: { readonly section: ComparedSection }) {
  return (
    <details className={styles.section} open>
      <summary>
        <b>{kind ? words.section(kind, mid) : words.session}</b> <small>{words.lines(lines.length)}</small>
      </summary>
      <ol className={styles.lines}>
        {lines.map((line, index) => (
          <li
            key={index}
            className={styles.line}
            data-testid="sdp-line"
            data-difference={line.difference}
            data-known={line.meaning !== undefined}
          >
            <code>{line.text}</code>
            {line.difference !== 'same' && <em className={styles.difference}>{differenceWords(line.difference)}</em>}
            <span className={styles.meaning}>{meaningOf(line)}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}

function differenceWords(difference: Exclude<Difference, 'same'>): string {
  return difference === 'changed' ? words.changed : words.only;
}

function meaningOf({ meaning, values }: SdpLine): string {
  if (!meaning) return words.unknown;
  if (meaning === 'extmap') return sdpMeanings.extmap(values[0] ?? '', extensionWords(values[1] ?? ''));
  const text: string | ((...values: string[]) => string) = sdpMeanings[meaning];
  return typeof text === 'string' ? text : text(...values);
}

// `urn:ietf:params:rtp-hdrext:sdes:mid`, `…/abs-send-time`, `…#dependency-descriptor-rtp-header-extension`.
function extensionWords(uri: string): string {
  const end = /([\w-]+)$/.exec(uri)?.[1]?.replace(/-rtp-header-extension$/, '') ?? '';
  const key = end === '3gpp' ? 'video-orientation' : end;
  const isKnown = Object.hasOwn(headerExtensions, key);
  return `${key || uri}, ${headerExtensions[isKnown ? (key as keyof typeof headerExtensions) : 'other']}`;
}
