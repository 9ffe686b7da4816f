/** A list with its first line ticked off, for one that is empty. */
export function TodoArt() {
  return (
    <svg width="96" height="92" viewBox="0 0 96 92" fill="none" aria-hidden="true">
      <rect
        x="10"
        y="6"
        width="76"
        height="80"
        rx="14"
        fill="var(--surface)"
        stroke="var(--line-strong)"
        strokeWidth="1.5"
      />
      <rect x="22" y="20" width="14" height="14" rx="4.5" fill="var(--primary)" />
      <path
        d="m25.5 27.2 2.7 2.7 4.7-5.200"
        stroke="var(--on-primary)"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <rect x="22" y="41" width="14" height="14" rx="4.5" fill="var(--primary-soft)" />
      <rect x="22" y="62" width="14" height="14" rx="4.5" fill="var(--primary-soft)" />
      <path d="M44 27h30" stroke="var(--ink-faint)" strokeWidth="3" strokeLinecap="round" />
      <path d="M44 48h24M44 69h17" stroke="var(--primary)" opacity="0.65" strokeWidth="3" strokeLinecap="round" />
    </svg>
  );
}
