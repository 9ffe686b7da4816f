import { LevelMeter } from '@parley/client';
import { useEffect, useRef } from 'react';
import { deviceSettings as words } from '../../words/settings';
import styles from './LevelRow.module.css';

/** Speech is far below full scale: this much of it fills the bar. */
const kFull = 0.2;

/** A bar that moves with one's voice. Drawn past React, with every frame. */
export function LevelRow({ track }: { readonly track: MediaStreamTrack | undefined }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const bar = ref.current;
    if (!track || !bar) return undefined;
    const meter = new LevelMeter(track);
    let frame = 0;
    const draw = () => {
      bar.style.setProperty('--level', Math.min(1, Math.sqrt(meter.read() / kFull)).toFixed(3));
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => {
      cancelAnimationFrame(frame);
      meter.close();
      bar.style.removeProperty('--level');
    };
  }, [track]);
  return (
    <div className={styles.row}>
      <div ref={ref} className={styles.bar} role="img" aria-label={words.level} data-testid="settings-level" />
      <p className={styles.hint}>{track ? words.speakHint : words.mutedHint}</p>
    </div>
  );
}
