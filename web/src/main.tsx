import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { startHints } from './state/hints';
import { noteMissedStyles } from './state/mend_styles';

/** Draws the app. The first script does not wait for the document, so its root may have to be waited for. */
export function start(): void {
  const root = document.getElementById('root');
  if (!root) return addEventListener('DOMContentLoaded', start, { once: true });
  noteMissedStyles();
  startHints();
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
