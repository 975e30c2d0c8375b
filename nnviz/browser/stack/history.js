// Undo history.

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
   * Records the state after an edit.
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

  /** Goes back to the state before the last edit and returns it; null where there is none. */
  undo() {
    const before = this.past.pop();
    if (before === undefined) return null;
    this.now = before;
    return before;
  }
}
