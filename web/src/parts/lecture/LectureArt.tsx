/** One who speaks in front of a screen, and rows that watch. */
export function LectureArt({ width = 220 }: { readonly width?: number }) {
  const heads = [34, 66, 98, 130, 162, 194, 226];
  return (
    <svg width={width} viewBox="0 0 260 172" fill="none" aria-hidden="true">
      <rect x="38" y="8" width="184" height="104" rx="16" fill="var(--primary-soft)" />
      <path
        d="M62 34h64M62 50h44M62 66h54"
        stroke="var(--primary)"
        strokeWidth="6"
        strokeLinecap="round"
        opacity="0.5"
      />
      <circle cx="172" cy="48" r="17" fill="var(--primary)" />
      <path d="M138 112c0-24 14-38 34-38s34 14 34 38z" fill="var(--primary)" />
      <path
        d="M207 40c5 5 5 15 0 20M215 33c9 9 9 25 0 34"
        stroke="var(--speak)"
        strokeWidth="4"
        strokeLinecap="round"
      />
      {heads.map((x, index) => (
        <g key={x} fill={index === 4 ? 'var(--amber)' : 'var(--line-strong)'}>
          <circle cx={x} cy="142" r="9.5" />
          <path d={`M${x - 15} 172c0-12 6-18 15-18s15 6 15 18z`} />
          {index === 4 && (
            <path d={`M${x + 13} 150l5-24`} stroke="var(--amber)" strokeWidth="7" strokeLinecap="round" />
          )}
        </g>
      ))}
    </svg>
  );
}
