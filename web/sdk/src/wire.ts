import type { Signalling } from './signalling';

/** The way to the room's server, as the parts of a room see it. */
export type Wire = Pick<Signalling, 'on' | 'request' | 'state'>;
