// Stands in the file itself: unpacks what is in it, and makes modules of its scripts, which cannot be imported from a file.

/** @param {string} id of the element that holds it */
async function unpacked(id) {
  const text = atob(document.getElementById(id)?.textContent?.trim() ?? "");
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/** Modules in an order in which each comes after those that it imports. @type {[name: string, text: string][]} */
const modules = JSON.parse(new TextDecoder().decode(await unpacked("scripts")));
/** @type {Map<string, string>} */
const places = new Map();
for (const [name, text] of modules) {
  const linked = text.replace(/ from "nnviz:([^"]+)";/g, (_, imported) => ` from "${places.get(imported)}";`);
  places.set(name, URL.createObjectURL(new Blob([linked], { type: "text/javascript" })));
}
const entry = await import(places.get(modules[modules.length - 1][0]) ?? "");
entry.default(document.getElementById("replay"), await unpacked("page"), await unpacked("shows"));
