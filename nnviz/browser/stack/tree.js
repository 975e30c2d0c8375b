// The layers as an editable tree: blocks hold lists of layers. Pure: no DOM.

/**
 * A layer as JSON: `kind`, its parameters by name, and for a block `layers` or `branches`.
 * @typedef {{ kind: string, [name: string]: any }} LayerJson
 */
/**
 * `lists`: the lists of layers of a block, one for each branch of a Parallel; null for a plain layer.
 * @typedef {{ id: string, spec: LayerJson, lists: TreeNode[][] | null }} TreeNode
 */
/**
 * Where a node is: its path as Python writes it, the list that it is in with its place there, and the block around with the
 * number of the list (null and 0 at the top).
 * @typedef {{ node: TreeNode, path: string, list: TreeNode[], index: number, parent: TreeNode | null, slot: number }} Place
 */
/** @typedef {{ list: TreeNode[], index: number }} Gap a place to insert at */

export const BLOCKS = ["Repeat", "Residual", "Parallel"];

let ids = 0;

/**
 * @param {LayerJson} spec
 * @param {TreeNode[][] | null} lists
 * @returns {TreeNode}
 */
export function newNode(spec, lists = null) {
  ids += 1;
  return { id: `n${ids}`, spec, lists };
}

/**
 * @param {LayerJson} layer
 * @returns {TreeNode}
 */
export function fromJson({ layers, branches, ...spec }) {
  if (!BLOCKS.includes(spec.kind)) return newNode(/** @type {LayerJson} */ (spec));
  const lists = spec.kind === "Parallel" ? branches : [layers ?? []];
  return newNode(
    /** @type {LayerJson} */ (spec),
    lists.map((/** @type {LayerJson[]} */ list) => list.map(fromJson)),
  );
}

/**
 * @param {TreeNode} node
 * @returns {LayerJson}
 */
export function toJson({ spec, lists }) {
  if (!lists) return { ...spec };
  const inside = lists.map((list) => list.map(toJson));
  return spec.kind === "Parallel" ? { ...spec, branches: inside } : { ...spec, layers: inside[0] };
}

/** @param {TreeNode} node */
export const isBlock = (node) => node.lists !== null;

/**
 * Visits each node, a block before what it holds.
 * @param {TreeNode[]} nodes
 * @param {(place: Place) => void} visit
 */
export function walk(nodes, visit, path = "layers", parent = /** @type {TreeNode | null} */ (null), slot = 0) {
  nodes.forEach((node, index) => {
    const at = `${path}[${index}]`;
    visit({ node, path: at, list: nodes, index, parent, slot });
    node.lists?.forEach((list, number) => {
      walk(list, visit, node.spec.kind === "Parallel" ? `${at}.branches[${number}]` : `${at}.layers`, node, number);
    });
  });
}

/** The nodes of a stack. Operations change the tree in place; nodes keep their ids. */
export class Tree {
  /** @param {LayerJson[]} layers */
  constructor(layers = []) {
    this.layers = layers.map(fromJson);
  }

  toJson() {
    return this.layers.map(toJson);
  }

  /** @returns {Place[]} of every node, in the order of the page */
  places() {
    /** @type {Place[]} */
    const places = [];
    walk(this.layers, (place) => places.push(place));
    return places;
  }

  /** @param {string | null} id */
  find(id) {
    return this.places().find(({ node }) => node.id === id) ?? null;
  }

  /**
   * The place of a node. Throws where there is none.
   * @param {string} id
   */
  at(id) {
    const place = this.find(id);
    if (!place) throw new Error(`no layer ${id}`);
    return place;
  }

  /** @returns {Gap} */
  get end() {
    return { list: this.layers, index: this.layers.length };
  }

  /**
   * The gap before the layer at a path as Python writes it; the end where there is none.
   * @param {string} path
   * @returns {Gap}
   */
  gapBefore(path) {
    return this.places().find((place) => place.path === path) ?? this.end;
  }

  /**
   * The block that holds a list, with its place; null for the top.
   * @param {TreeNode[]} list
   */
  around(list) {
    return this.places().find(({ node }) => node.lists?.includes(list)) ?? null;
  }

  /**
   * @param {Gap} gap
   * @param {TreeNode} node
   */
  insert(gap, node) {
    gap.list.splice(gap.index, 0, node);
  }

  /**
   * Removes a node, and blocks that it leaves empty. Returns the node and the neighbour to focus, if there is one.
   * @param {string} id
   */
  remove(id) {
    const { node, list, index, parent } = this.at(id);
    list.splice(index, 1);
    const neighbour = list[Math.min(index, list.length - 1)] ?? parent;
    if (parent && !list.length) this.dropEmpty(parent);
    return { node, neighbour };
  }

  /**
   * Removes a block if all of its lists are empty. A single empty branch is valid: it passes its input on.
   * @param {TreeNode} block
   */
  dropEmpty(block) {
    const place = this.find(block.id);
    if (!place || block.lists?.some((list) => list.length)) return;
    place.list.splice(place.index, 1);
    if (place.parent) this.dropEmpty(place.parent);
  }

  /**
   * Inserts a copy after a node, without user-defined names.
   * @param {string} id
   */
  duplicate(id) {
    const { node, list, index } = this.at(id);
    const copy = fromJson(toJson(node));
    walk([copy], (place) => delete place.node.spec.name);
    list.splice(index + 1, 0, copy);
    return copy;
  }

  /**
   * Wraps a node in a new block of this spec.
   * @param {string} id
   * @param {LayerJson} spec
   */
  wrap(id, spec) {
    const { node, list, index } = this.at(id);
    const block = newNode(spec, spec.kind === "Parallel" ? [[node], []] : [[node]]);
    list.splice(index, 1, block);
    return block;
  }

  /**
   * Replaces a block by its contents; returns these nodes.
   * @param {string} id
   */
  unwrap(id) {
    const { node, list, index } = this.at(id);
    const inner = node.lists?.flat() ?? [];
    list.splice(index, 1, ...inner);
    return inner;
  }

  /**
   * Moves a node one place down (`by` 1) or up (-1): into an adjacent block, to the next branch, or out of its block. Returns
   * whether it could.
   * @param {string} id
   * @param {1 | -1} by
   */
  shift(id, by) {
    const { node, list, index, parent, slot } = this.at(id);
    const next = list[index + by];
    if (!next && !parent) return false;
    list.splice(index, 1);
    /** @param {TreeNode[]} into */
    const enter = (into) => into.splice(by > 0 ? 0 : into.length, 0, node);
    if (next?.lists) enter(/** @type {TreeNode[]} */ (next.lists.at(by > 0 ? 0 : -1)));
    else if (next) list.splice(index + by, 0, node);
    else if (parent) {
      const branch = parent.lists?.[slot + by];
      const outer = this.at(parent.id);
      if (branch) enter(branch);
      else outer.list.splice(outer.index + (by > 0 ? 1 : 0), 0, node);
      this.dropEmpty(parent);
    }
    return true;
  }

  /**
   * The list of this name: "" for the top, else the block's id and the list's number in it, as "n3/0".
   * @param {string} name
   */
  list(name) {
    const [owner, slot] = name.split("/");
    return name === "" ? this.layers : /** @type {TreeNode[][]} */ (this.at(owner).node.lists)[Number(slot)];
  }

  /**
   * Moves a node before the place `to` of a list. Returns null where nothing changes, else the node and the block that was
   * removed because it became empty, if any.
   * @param {string} id
   * @param {string} listName
   * @param {number} to
   */
  moveTo(id, listName, to) {
    const { node, list, index, parent } = this.at(id);
    const target = this.list(listName);
    if (target === list && (to === index || to === index + 1)) return null;
    list.splice(index, 1);
    target.splice(target === list && to > index ? to - 1 : to, 0, node);
    const emptied = parent?.lists?.every((inner) => !inner.length) ? parent : null;
    if (emptied) this.dropEmpty(emptied);
    return { node, emptied };
  }
}
