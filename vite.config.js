import { readdirSync, readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";

const HOME = import.meta.dirname;

/** Lucide's drawings as one JSON file that the `{% icon %}` tag reads on the server: `{name: "<path …/>…"}`. The folder
 *  also has the icons under their former names. */
function lucide() {
  const folder = `${HOME}/node_modules/lucide-static/icons`;
  const inside = (svg) =>
    svg
      .replace(/^[\s\S]*?<svg[^>]*>/, "")
      .replace(/<\/svg>\s*$/, "")
      .replace(/\s+/g, " ")
      .replaceAll(" />", "/>")
      .replaceAll("> <", "><")
      .trim();
  return {
    name: "wanku-lucide",
    generateBundle() {
      const names = readdirSync(folder).filter((name) => name.endsWith(".svg"));
      const drawings = Object.fromEntries(
        names.map((name) => [name.slice(0, -".svg".length), inside(readFileSync(`${folder}/${name}`, "utf8"))]),
      );
      this.emitFile({ type: "asset", fileName: "icons.json", source: JSON.stringify(drawings) });
    },
  };
}

/** htmx's one direct `eval` is switched off by `allowEval: false` and refused by the content policy anyway; without it
 *  the minifier can shorten names, which saves a third of htmx. Fails the build when htmx has moved on. */
function htmxWithoutEval() {
  return {
    name: "wanku-htmx-without-eval",
    transform(code, id) {
      if (!id.endsWith("htmx.esm.js")) return null;
      if (!code.includes("return eval(str)")) throw new Error("htmx no longer evaluates as vite.config.js expects");
      return { code: code.replace("return eval(str)", "return undefined"), map: null };
    },
  };
}

/** The typeface that documents carry inside them, so that they read the same everywhere: `wanku.invoices` draws with it.
 *  It comes whole, since names and addresses use rare characters, and with its licence. */
function typeface() {
  const folder = `${HOME}/node_modules/@expo-google-fonts/noto-sans-sc`;
  const parts = { "NotoSansSC-Regular.ttf": "400Regular/NotoSansSC_400Regular.ttf", "OFL.txt": "LICENSE_FONT" };
  return {
    name: "wanku-typeface",
    generateBundle() {
      for (const [name, source] of Object.entries(parts)) {
        this.emitFile({ type: "asset", fileName: `fonts/${name}`, source: readFileSync(`${folder}/${source}`) });
      }
    },
  };
}

/** WhiteNoise sends a .br or .gz that lies beside a file, so compression costs nothing while serving. */
function compressed() {
  return {
    name: "wanku-compressed",
    enforce: "post",
    generateBundle(_options, bundle) {
      for (const [name, part] of Object.entries(bundle)) {
        if (!/\.(js|css|svg)$/.test(name)) continue;
        const body = Buffer.from(part.type === "chunk" ? part.code : part.source);
        this.emitFile({ type: "asset", fileName: `${name}.gz`, source: gzipSync(body, { level: 9 }) });
        this.emitFile({ type: "asset", fileName: `${name}.br`, source: brotliCompressSync(body) });
      }
    },
  };
}

export default defineConfig({
  root: HOME,
  base: "/static/",
  publicDir: "frontend/public",
  plugins: [tailwindcss(), htmxWithoutEval(), lucide(), typeface(), compressed()],
  build: {
    outDir: "src/wanku/ui/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    target: "es2022",
    // Pages may never carry inline data that the content policy refuses.
    assetsInlineLimit: 0,
    rollupOptions: {
      input: ["frontend/app.css", "frontend/app.js", "frontend/theme.js"],
    },
  },
});
