import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// `npm run dev` shows the page as it is written; it speaks to a server that `greyspace explore --port 8642` started.
const server = { proxy: { "/api": "http://127.0.0.1:8642" } };

export default defineConfig({
  plugins: [svelte()],
  server,
  build: {
    outDir: "../src/greyspace/web/static",
    emptyOutDir: true,
    target: "es2022",
    // The server sends nothing that it did not list when it began: names that change with the content do no harm.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What others wrote travels with their names and terms.
    license: { fileName: "licences.md" },
  },
});
