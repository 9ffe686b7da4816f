/** What one peer of a mesh gets of our camera: each costs an encoding and an upload of its own. */
export interface CameraBudget {
  /** Bits a second. */
  readonly maxBitrate: number;
  /** 1 is the camera's own size (720p), 2 half of it in each direction. */
  readonly scaleResolutionDownBy: number;
}

/** Shares about 3 Mbit/s of upload, a usual home line's, among the peers. */
export function cameraBudget(peers: number): CameraBudget {
  if (peers <= 1) return { maxBitrate: 2_500_000, scaleResolutionDownBy: 1 };
  if (peers === 2) return { maxBitrate: 1_200_000, scaleResolutionDownBy: 1.5 };
  if (peers <= 4) return { maxBitrate: 700_000, scaleResolutionDownBy: 2 };
  return { maxBitrate: 300_000, scaleResolutionDownBy: 3 };
}

/** Applies a budget to the camera's sender. A sender that is not ready yet is passed over. */
export async function applyBudget(sender: RTCRtpSender | undefined, budget: CameraBudget): Promise<void> {
  const parameters = sender?.getParameters();
  const [encoding] = parameters?.encodings ?? [];
  if (!sender || !parameters || !encoding) return;
  if (encoding.maxBitrate === budget.maxBitrate) return;
  Object.assign(encoding, budget);
  await sender.setParameters(parameters).catch(() => undefined);
}
