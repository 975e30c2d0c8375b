// The states that a user's edits went through, to go back one by one.

const LIMIT = 100;

/** @template State */
export class History {
  /** @param {State} state the one to start from */
  constructor(state) {
    this.now = state;
    /** @type {State[]} */
    this.past = [];
  }

  /**
   * After an edit: `state` is what there is now.
   * @param {State} state
   */
  record(state) {
    this.past.push(this.now);
    this.past.splice(0, this.past.length - LIMIT);
    this.now = state;
  }

  get canUndo() {
    return this.past.length > 0;
  }

  /** The state before the last edit, which is gone then; null where there is none. */
  undo() {
    const before = this.past.pop();
    if (before === undefined) return null;
    this.now = before;
    return before;
  }
}
