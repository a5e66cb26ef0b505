/** The door of the HTML report. */
export { htmlPage } from "./page.ts";
