// @ts-check
// Keeps the key that each request for data carries, and goes on to the app.

import { KEY_PLACE } from "./asking.js";

const meta = document.querySelector("meta[name=clonus-sense-key]");
localStorage.setItem(KEY_PLACE, meta?.getAttribute("content") ?? "");
location.replace("/");
