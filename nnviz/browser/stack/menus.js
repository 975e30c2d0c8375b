// The menus of the editor: a layer to add, a preset to start from.

import { el } from "../common/dom.js";
import { t } from "../common/messages.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";

/** @typedef {import("./stack_editor.js").StackEditor} StackEditor */
/** @typedef {import("./tree.js").Gap} Gap */

/**
 * @param {import("./icons.js").IconName} name
 * @param {string} words
 * @param {() => void} onclick
 */
export function menuButton(name, words, onclick) {
  return el("button", { type: "button", class: "wide", "aria-haspopup": "menu", onclick }, icon(name), el("span", {}, words));
}

/**
 * @param {StackEditor} editor
 * @param {HTMLElement} button
 * @param {(() => Gap) | null} [gap] the end of a branch; by default the place after the selected layer
 */
export function openAddMenu(editor, button, gap = null) {
  const { catalog, operations } = editor;
  /** @param {string} group */
  const rows = (group) =>
    Object.entries(catalog.layers)
      .filter(([, entry]) => entry.group === group)
      .map(([kind, { help }]) => ({ label: kind, help, action: () => operations.add(kind, gap?.() ?? null) }));
  /** @type {import("./menu.js").MenuGroup[]} */
  const groups = catalog.groups.map(([group, title]) => [title, rows(group)]);
  const filled = groups.filter(([, inside]) => inside.length);
  openMenu(button, gap ? t("At the end of this branch") : placeWords(editor), filled);
}

/** @param {StackEditor} editor */
function placeWords(editor) {
  const { after } = editor.insertion();
  return after ? t("After {kind}", { kind: after.spec.kind }) : t("Before the cost");
}

/**
 * @param {StackEditor} editor
 * @param {HTMLElement} button
 */
export function openPresetMenu({ catalog, operations }, button) {
  const rows = catalog.presets.map((preset) => {
    return { label: preset.title, help: preset.help, action: () => operations.replace(preset) };
  });
  openMenu(button, t("Replaces the layers, keeps the cost"), [["", rows]]);
}
