import { home } from '../words/home';
import styles from './HomeArt.module.css';

interface Sitter {
  readonly name: string;
  readonly ground: string;
  readonly shirt: string;
  readonly skin: string;
  readonly hair: string;
  /** The outline of the hair, around a head at 100, 82 with a radius of 34. */
  readonly cut: string;
  readonly speaking?: boolean;
}

const kSitters: readonly Sitter[] = [
  {
    name: 'Ada',
    ground: '#cfe6da',
    shirt: '#0d6b55',
    skin: '#e9b98f',
    hair: '#3a2418',
    cut: 'M62 128c-8-20-8-52 2-68 8-13 22-20 37-20s30 8 37 22c8 16 7 46 0 66-6-4-8-12-8-22 0-14-2-24-6-30-14 4-34 4-46-4-6 8-8 20-8 34 0 10-2 18-8 22z',
    speaking: true,
  },
  {
    name: 'Bob',
    ground: '#f7e0ad',
    shirt: '#c9662f',
    skin: '#8d5a3c',
    hair: '#1c1512',
    cut: 'M65 78c-2-24 12-42 36-42s37 18 34 42c-3-8-6-13-10-16-16 4-34 4-50 0-5 4-8 8-10 16z',
  },
  {
    name: 'Chidi',
    ground: '#d5dcef',
    shirt: '#33508a',
    skin: '#5f3b28',
    hair: '#120d0b',
    cut: 'M62 82c-6-10-4-24 6-30 2-11 14-18 24-15 9-6 23-4 29 5 11 2 18 14 15 25 3 6 2 12-1 16-3-8-6-14-10-18-16 4-34 4-50 0-6 4-9 10-13 17z',
  },
  {
    name: 'Dora',
    ground: '#f1d3cb',
    shirt: '#8a3f6a',
    skin: '#f0c8a4',
    hair: '#b9702c',
    cut: 'M64 96c-6-32 8-58 37-58s43 24 36 58c-2-12-6-22-12-29-18 0-34-6-42-13-6 12-14 18-19 42z',
  },
];

/** Four people in a call, drawn. */
export function HomeArt() {
  return (
    <div className={styles.art} role="img" aria-label={home.art}>
      {kSitters.map((sitter) => (
        <Seat key={sitter.name} sitter={sitter} />
      ))}
    </div>
  );
}

function Seat({ sitter }: { readonly sitter: Sitter }) {
  const { name, ground, shirt, skin, hair, cut, speaking } = sitter;
  return (
    <div className={styles.seat} style={{ background: ground }} data-speaking={speaking}>
      <svg viewBox="0 0 200 176" className={styles.figure} aria-hidden="true">
        <path fill={shirt} d="M28 180c0-36 24-54 54-58h36c30 4 54 22 54 58z" />
        <path fill={skin} d="M86 104h28v20c0 9-6 15-14 15s-14-6-14-15z" />
        <path fill="#000" opacity="0.12" d="M86 112c8 6 20 6 28 0v8c-8 6-20 6-28 0z" />
        <circle fill={skin} cx="100" cy="82" r="34" />
        <path fill={hair} d={cut} />
        <circle fill="#1a1412" cx="88" cy="84" r="3.2" />
        <circle fill="#1a1412" cx="112" cy="84" r="3.2" />
        <path d="M90 98q10 8 20 0" fill="none" stroke="#1a1412" strokeWidth="3" strokeLinecap="round" />
      </svg>
      <span className={styles.name}>{name}</span>
      {speaking && (
        <span className={styles.voice}>
          <i />
          <i />
          <i />
        </span>
      )}
    </div>
  );
}
