/** Who has a hand raised: the first to speak comes first. */
export interface RaisedHand {
  readonly sid: string;
  readonly name: string;
  readonly self: boolean;
  /** The smaller, the earlier. */
  readonly hand: number;
}

interface Person {
  readonly sid: string;
  readonly name: string;
  readonly hand: number | null;
}

/** The queue of raised hands. */
export function handQueue(self: Person | undefined, others: Iterable<Person>): RaisedHand[] {
  const of = ({ sid, name, hand }: Person, isSelf: boolean): RaisedHand[] =>
    hand === null ? [] : [{ sid, name, self: isSelf, hand }];
  return [...(self ? of(self, true) : []), ...[...others].flatMap((person) => of(person, false))].sort(
    (a, b) => a.hand - b.hand,
  );
}
