/** Something to send where no camera is asked for: a drawing that moves, and a tone where the browser lets one sound. */
export interface DemoMedia {
  readonly tracks: readonly MediaStreamTrack[];
  close(): void;
}

const kWidth = 640;
const kHeight = 360;

export function makeDemoMedia(): DemoMedia {
  const canvas = Object.assign(document.createElement('canvas'), { width: kWidth, height: kHeight });
  const context = canvas.getContext('2d');
  let frame = 0;
  const draw = (now: number) => {
    if (context) drawClock(context, now);
    frame = requestAnimationFrame(draw);
  };
  draw(performance.now());
  const audio = new AudioContext();
  const destination = audio.createMediaStreamDestination();
  const oscillator = audio.createOscillator();
  const volume = new GainNode(audio, { gain: 0.02 });
  oscillator.connect(volume).connect(destination);
  oscillator.start();
  const tracks = [...destination.stream.getAudioTracks(), ...canvas.captureStream(30).getVideoTracks()];
  return {
    tracks,
    close: () => {
      cancelAnimationFrame(frame);
      for (const track of tracks) track.stop();
      void audio.close();
    },
  };
}

// A hand that goes round once in four seconds: what is late or frozen is seen at once.
function drawClock(context: CanvasRenderingContext2D, now: number): void {
  const angle = (now / 4000) * 2 * Math.PI;
  context.fillStyle = '#0c1f1a';
  context.fillRect(0, 0, kWidth, kHeight);
  context.translate(kWidth / 2, kHeight / 2);
  for (let mark = 0; mark < 60; ++mark) {
    const hue = 150 + mark * 2;
    context.rotate((2 * Math.PI) / 60);
    context.fillStyle = mark % 5 === 0 ? `hsl(${hue} 60% 60%)` : `hsl(${hue} 40% 32%)`;
    context.fillRect(-2, -150, 4, mark % 5 === 0 ? 26 : 12);
  }
  context.rotate(angle);
  context.fillStyle = '#f2b441';
  context.fillRect(-4, -128, 8, 150);
  context.beginPath();
  context.arc(0, 0, 16, 0, 2 * Math.PI);
  context.fill();
  context.setTransform(1, 0, 0, 1, 0, 0);
}
