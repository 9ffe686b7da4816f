import { useEffect, useState } from 'react';
import { DemoStage } from '../inspector/DemoStage';
import { InspectorView } from '../inspector/InspectorView';
import { LogActions } from '../inspector/LogActions';
import { InspectorPageState } from '../inspector/page_state';
import { SourceChoice } from '../inspector/SourceChoice';
import { Logo } from '../parts/Logo';
import { ThemeToggle } from '../parts/ThemeToggle';
import { useStore } from '../state/use_store';
import { common } from '../words/common';
import { demo, inspector as words } from '../words/inspector';
import styles from './Inspector.module.css';

/** How a call comes about, to be watched: of the demonstration, of a call in another tab, of a file. */
export default function Inspector() {
  const [page] = useState(() => new InspectorPageState({ you: demo.you, peer: demo.peer }));
  useEffect(() => page.start(), [page]);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <a href="/" className={styles.home} aria-label={common.logoHome}>
          <Logo />
        </a>
        <ThemeToggle />
      </header>
      <main className={styles.main}>
        <div>
          <h1 className={styles.title}>{words.title}</h1>
          <p className={styles.lead}>{words.lead}</p>
        </div>
        <Content page={page} />
      </main>
    </div>
  );
}

function Content({ page }: { readonly page: InspectorPageState }) {
  const state = useStore(page.store);
  return (
    <>
      <SourceChoice page={page} state={state} />
      {state.source.kind === 'demo' && <DemoStage page={page} state={state} />}
      {state.gone && <p role="status">{words.gone}</p>}
      {state.log && (
        <>
          <InspectorView log={state.log} />
          <LogActions log={state.log} />
        </>
      )}
    </>
  );
}
