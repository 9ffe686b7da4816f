import { LevelMeter } from '@parley/client';
import { useEffect, useRef } from 'react';
import { devices } from '../words/devices';
import styles from './LevelBar.module.css';

/** Speech is far below full scale: this much of it fills the bar. */
const kFull = 0.18;

/** Shows that the microphone hears something. Drawn past React: it moves with every frame. */
export function LevelBar({ track }: { readonly track: MediaStreamTrack | undefined }) {
  const ref = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!track) return undefined;
    const meter = new LevelMeter(track);
    let frame = 0;
    const draw = () => {
      const level = Math.min(1, Math.sqrt(meter.read() / kFull));
      ref.current?.style.setProperty('--level', level.toFixed(3));
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => {
      cancelAnimationFrame(frame);
      meter.close();
    };
  }, [track]);
  return (
    <span ref={ref} className={styles.meter} role="img" aria-label={devices.level} data-testid="mic-level">
      {[0.55, 1, 0.7].map((share, index) => (
        <span key={index} className={styles.bar} style={{ '--share': share }} />
      ))}
    </span>
  );
}
