/* npm runs this after it has packed: the repository's package.json comes back. */
import { restoreManifest } from "./manifest-file.ts";

await restoreManifest();
