// @ts-check
// The page of a night as a file: verdicts are saved as a review file.
import { startNight } from "./night.js";

startNight();
