/**
 * The camera three times over, from small to large: the server gives each receiver the one that fits its tile and
 * its link. The sum is what a usual home line uploads.
 */
export const kCamera: readonly RTCRtpEncodingParameters[] = [
  { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 1_800_000 },
];

/** A screen is read: its full size is bounded only against madness, as a browser left alone would cap it far lower. */
export const kScreen: readonly RTCRtpEncodingParameters[] = [
  { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 600_000 },
  { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 8_000_000 },
];

/** Cameras of fewer pixels, the larger first. */
const kSmallCameras: readonly { pixels: number; encodings: readonly RTCRtpEncodingParameters[] }[] = [
  {
    pixels: 960 * 540,
    encodings: [
      { rid: 'q', scaleResolutionDownBy: 2, maxBitrate: 150_000 },
      { rid: 'h', scaleResolutionDownBy: 1, maxBitrate: 700_000 },
    ],
  },
  { pixels: 480 * 270, encodings: [{ rid: 'q', scaleResolutionDownBy: 1, maxBitrate: 150_000 }] },
];

/**
 * What to send of a camera of so many pixels. Of a small picture Chromium leaves out the last encodings, whatever their
 * size, and here these are the largest: so fewer go, and the last of them is the whole picture. What is not listed is
 * not sent.
 */
export function cameraEncodings(pixels: number): readonly RTCRtpEncodingParameters[] {
  return kSmallCameras.reduce((found, small) => (pixels < small.pixels ? small.encodings : found), kCamera);
}
