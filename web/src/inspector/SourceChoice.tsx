import { fileProblems, inspector as words } from '../words/inspector';
import actions from './LogActions.module.css';
import type { InspectorPageState, InspectorState, Source } from './page_state';
import styles from './SourceChoice.module.css';

interface Props {
  readonly page: InspectorPageState;
  readonly state: InspectorState;
}

/** What to look at: the demonstration, a call in another tab, or a file. */
export function SourceChoice({ page, state: { source, calls, file, problem } }: Props) {
  const sources: { source: Source; label: string }[] = [
    { source: { kind: 'demo' }, label: words.demo },
    ...calls.map(({ id, name, room }) => ({
      source: { kind: 'call', id } as const,
      label: words.liveCall(name, room),
    })),
    ...(file ? [{ source: { kind: 'file', name: file.name } as const, label: words.file(file.name) }] : []),
  ];
  return (
    <fieldset className={styles.choice}>
      <legend className="unseen">{words.source}</legend>
      {sources.map(({ source: one, label }) => (
        <label key={keyOf(one)} className={styles.source}>
          <input
            type="radio"
            name="source"
            className={styles.radio}
            checked={keyOf(one) === keyOf(source)}
            data-testid={`source-${one.kind}`}
            onChange={() => page.show(one)}
          />
          <span>{label}</span>
        </label>
      ))}
      <label className={actions.button}>
        {words.open}
        <input
          type="file"
          accept="application/json,.json"
          className="unseen"
          data-testid="inspector-open"
          onChange={(event) => {
            const [chosen] = event.currentTarget.files ?? [];
            if (chosen) void page.openFile(chosen);
            event.currentTarget.value = ''; // The same file may be opened again.
          }}
        />
      </label>
      {calls.length === 0 && <p className={styles.hint}>{words.noCalls}</p>}
      <p className={styles.problem} role="alert" data-testid="inspector-problem">
        {problem && fileProblems[problem]}
      </p>
    </fieldset>
  );
}

function keyOf(source: Source): string {
  return source.kind === 'call' ? `call/${source.id}` : source.kind;
}
