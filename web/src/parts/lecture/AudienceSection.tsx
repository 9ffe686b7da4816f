import type { Room } from '@parley/client';
import { useEffect, useId, useRef, useState } from 'react';
import { AudienceList } from '../../state/lecture/audience_list';
import { useStore } from '../../state/use_store';
import { common } from '../../words/common';
import { hostLecture as words } from '../../words/lecture';
import { EmptyState } from '../panel/EmptyState';
import { PillButton } from '../panel/PillButton';
import { AudienceRow, kAudienceRow } from './AudienceRow';
import styles from './AudienceSection.module.css';
import { LectureArt } from './LectureArt';
import { useRowsInSight } from './use_rows_in_sight';

/** In letters: never more than the 64 bytes that may be asked for. */
const kLongestSearch = 21;

/** The audience: how many, and a list that is read as one scrolls, or by name. */
export function AudienceSection({ room }: { readonly room: Room }) {
  const count = room.lecture.audience?.count ?? 0;
  return (
    <section aria-label={words.audience(count)} data-testid="audience" data-count={count}>
      <h3 className={styles.title}>{words.audience(count)}</h3>
      {count > 0 ? (
        <SearchedList key={room.sid} room={room} />
      ) : (
        <EmptyState art={<LectureArt width={150} />} title={words.nobody} text={words.nobodyText} />
      )}
    </section>
  );
}

function SearchedList({ room }: { readonly room: Room }) {
  const list = useAudienceList(room);
  const { search, people, complete, loading, failed } = useStore(list.store);
  const ref = useRef<HTMLUListElement>(null);
  const { first, last } = useRowsInSight(ref, kAudienceRow, people.length);
  const id = useId();
  useEffect(() => list.look(first, last), [list, first, last, people.length, complete, loading]);
  return (
    <>
      <label className="unseen" htmlFor={id}>
        {words.search}
      </label>
      <input
        id={id}
        type="search"
        className={styles.search}
        value={search}
        placeholder={words.search}
        autoComplete="off"
        spellCheck={false}
        maxLength={kLongestSearch}
        data-testid="audience-search"
        onChange={(event) => list.search(event.target.value)}
      />
      <ul
        ref={ref}
        className={styles.list}
        style={{ height: people.length * kAudienceRow }}
        data-testid="audience-list"
        data-loaded={people.length}
        data-complete={complete || undefined}
      >
        {people.slice(first, last + 1).map((person, index) => (
          <AudienceRow
            key={person.sid}
            person={person}
            at={first + index}
            of={complete ? people.length : -1}
            room={room}
          />
        ))}
      </ul>
      <div role="status" className={styles.status}>
        {loading && people.length === 0 && words.loading}
        {complete && people.length === 0 && search.trim() !== '' && words.found(search.trim())}
        {failed && words.failed}
      </div>
      {failed && (
        <PillButton small testId="audience-again" onClick={() => list.again()}>
          {common.tryAgain}
        </PillButton>
      )}
    </>
  );
}

function useAudienceList(room: Room): AudienceList {
  const [list] = useState(() => new AudienceList((query) => room.lecture.roster(query)));
  useEffect(() => {
    const stop = room.on('audience', () => list.stale());
    return () => {
      stop();
      list.close();
    };
  }, [room, list]);
  return list;
}
