/** Two bubbles, for a chat in which nothing was said. */
export function ChatArt() {
  return (
    <svg width="116" height="84" viewBox="0 0 116 84" fill="none" aria-hidden="true">
      <path
        d="M18 8h46a12 12 0 0 1 12 12v14a12 12 0 0 1-12 12H34L20 57v-11h-2A12 12 0 0 1 6 34V20A12 12 0 0 1 18 8z"
        fill="var(--primary-soft)"
      />
      <path
        d="M58 30h40a12 12 0 0 1 12 12v12a12 12 0 0 1-12 12h-1v11L83 66H58a12 12 0 0 1-12-12V42a12 12 0 0 1 12-12z"
        fill="var(--surface)"
        stroke="var(--line-strong)"
        strokeWidth="1.5"
      />
      <path d="M60 43h32M60 53h20" stroke="var(--ink-faint)" strokeWidth="3" strokeLinecap="round" />
      <path d="M20 22h36M20 32h22" stroke="var(--primary)" strokeWidth="3" strokeLinecap="round" opacity="0.65" />
    </svg>
  );
}
