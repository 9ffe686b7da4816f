import { useId } from 'react';
import styles from './Choice.module.css';

interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
  /** The language of the label, where it is not the page's. */
  readonly lang?: string;
}

interface ChoiceProps<T extends string> {
  readonly legend: string;
  readonly options: readonly Option<T>[];
  readonly chosen: T;
  readonly onChoose: (value: T) => void;
  readonly testId: string;
}

/** One of a few, all in sight: radio buttons that look like a segmented bar. */
export function Choice<T extends string>({ legend, options, chosen, onChoose, testId }: ChoiceProps<T>) {
  const group = useId();
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{legend}</legend>
      <div className={styles.bar}>
        {options.map(({ value, label, lang }) => (
          <label key={value} className={styles.option} lang={lang}>
            <input
              type="radio"
              className={styles.input}
              name={group}
              value={value}
              checked={value === chosen}
              data-testid={`${testId}-${value}`}
              onChange={() => onChoose(value)}
            />
            <span className={styles.label}>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
