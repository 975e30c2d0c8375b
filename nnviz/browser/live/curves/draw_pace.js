// How often curves are drawn: whenever they are asked for while they are on the screen, else now and then, since Plotly makes much
// of them anew each time.

const UNSEEN_MS = 1000;
const MARGIN = "120px";

export class DrawPace {
  /**
   * @param {Element} host of the curves
   * @param {() => void} onDue asks for the drawing that was put off
   * @param {() => number} [now] milliseconds
   * @param {(call: () => void, ms: number) => unknown} [later]
   */
  constructor(host, onDue, now = () => performance.now(), later = (call, ms) => setTimeout(call, ms)) {
    this.onDue = onDue;
    this.now = now;
    this.later = later;
    this.isSeen = true;
    this.isWaiting = false;
    this.last = Number.NEGATIVE_INFINITY;
    this.observer = new IntersectionObserver((entries) => this.see(entries[entries.length - 1].isIntersecting), {
      rootMargin: MARGIN,
    });
    this.observer.observe(host);
  }

  /** @param {boolean} isSeen */
  see(isSeen) {
    const isBack = isSeen && !this.isSeen;
    this.isSeen = isSeen;
    if (isBack) this.onDue();
  }

  /** Whether to draw now; if not, it is asked for again in time. */
  isDue() {
    const rest = this.isSeen ? 0 : this.last + UNSEEN_MS - this.now();
    if (rest <= 0) {
      this.last = this.now();
      return true;
    }
    if (!this.isWaiting) {
      this.isWaiting = true;
      this.later(() => {
        this.isWaiting = false;
        this.onDue();
      }, rest);
    }
    return false;
  }

  destroy() {
    this.observer.disconnect();
  }
}
