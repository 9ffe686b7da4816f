import type { TodoRecord } from '../protocol';

/** An item as it is to be shown. */
export interface TodoItem extends Omit<TodoRecord, 'removed'> {
  /** A change of ours to it is not with the server yet. */
  readonly pending: boolean;
}
