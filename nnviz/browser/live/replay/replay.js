// A run as a file that plays by itself: the elements of the Train page, fed from what the file holds instead of a server.

import { el, setText } from "../../common/dom.js";
import { setMessages, t } from "../../common/messages.js";
import live from "../live.js";
import { lend } from "../run/connection.js";
import { decode } from "../run/msgpack.js";
import { recordedFeed } from "./recording.js";
import { smallPlot } from "./small_plot.js";
import { canEncode, VideoMaker } from "./video.js";

/**
 * What the file says of the run: what live elements get (`data`), its name, sentences about it, and the messages that a server
 * would begin with.
 * @typedef {{ data: import("../live_view.js").LiveData, title: string, lines: string[], opening: ArrayBuffer[] }} Page
 */

/**
 * @param {HTMLElement} root
 * @param {ArrayBuffer} packedPage
 * @param {ArrayBuffer} packedShows
 */
export default function replay(root, packedPage, packedShows) {
  const page = /** @type {Page} */ (/** @type {unknown} */ (decode(packedPage)));
  const shows = /** @type {import("./recording.js").Shows} */ (/** @type {unknown} */ (decode(packedShows)));
  const { data, title, lines, opening } = page;
  setMessages(data.messages);
  const note = el("p", { class: "nv-replay-note", role: "status" });
  const host = el("main", {});
  const save = el("button", { type: "button", class: "nv-save-video" }, t("Save as video"));
  const about = el("header", {}, el("h1", {}, title), ...lines.map((line) => el("p", {}, line)), save, note);
  root.replaceChildren(about, host);
  const onOther = () =>
    setText(note, t("A replay shows what was chosen when it was saved: for other choices open the run in nnviz."));
  /** @type {any} */ (window).Plotly = smallPlot;
  lend(recordedFeed(data.runs[0].id, opening, shows, { onOther }));
  live({ parentElement: host, data, setTriggerValue: () => {} });
  const drawAgain = () => /** @type {any} */ (host).nnviz.schedule();
  save.addEventListener("click", async () => {
    setText(note, canEncode() ? "" : t("This browser cannot make a video. Open the replay in Chrome, Edge or Safari."));
    if (!canEncode()) return;
    save.disabled = true;
    try {
      const file = await new VideoMaker(title, data).make();
      if (file) download(file, `${document.title}.webm`);
    } catch (error) {
      setText(note, t("The video could not be made: {why}", { why: error instanceof Error ? error.message : String(error) }));
    }
    save.disabled = false;
    // its own slider names the moment in the address again
    /** @type {any} */ (host).nnviz.scrubber.draw();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAgain);
}

/**
 * Hands the user a file.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {string} name
 */
function download(bytes, name) {
  const href = URL.createObjectURL(new Blob([bytes], { type: "video/webm" }));
  el("a", { href, download: name.replace(/[^\p{L}\p{N}.]+/gu, "-") }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
