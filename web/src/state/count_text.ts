import { language } from '../words/language';

/** A number as it is written in the language of the moment: 1,024; in German 1.024. */
export function countText(count: number): string {
  return count.toLocaleString(language.get());
}
