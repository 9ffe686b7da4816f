/** More pictures at once than a large screen shows are no use; each costs a section of the offer. */
export const kMaxVideoSlots = 25;
const kOnPhone = 9;
const kOnScreen = 16;

/**
 * So many there is room for at first: each costs the browser some ten milliseconds before it is in the meeting. For more
 * there is room once more are shown.
 */
export const kFirstVideoSlots = 4;

/** How many pictures to make room for: as many as a page of the gallery shows on this screen. */
export function videoSlotsFor(screen: Pick<Screen, 'width' | 'height'> | undefined): number {
  return screen && Math.min(screen.width, screen.height) >= 600 ? kOnScreen : kOnPhone;
}
