/** A raised question with votes, for a list that has none. */
export function QuestionArt() {
  return (
    <svg width="116" height="92" viewBox="0 0 116 92" fill="none" aria-hidden="true">
      <path
        d="M26 8h62a12 12 0 0 1 12 12v34a12 12 0 0 1-12 12H54L38 79V66H26a12 12 0 0 1-12-12V20A12 12 0 0 1 26 8z"
        fill="var(--surface)"
        stroke="var(--line-strong)"
        strokeWidth="1.5"
      />
      <rect x="24" y="19" width="22" height="36" rx="8" fill="var(--primary-soft)" />
      <path
        d="m29.5 33 5.5-6 5.5 6M35 27.5V41"
        stroke="var(--primary)"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path d="M31 48h8" stroke="var(--primary)" strokeWidth="2.6" strokeLinecap="round" opacity="0.65" />
      <path d="M56 29h32M56 41h20" stroke="var(--ink-faint)" strokeWidth="3" strokeLinecap="round" />
    </svg>
  );
}
