/*
 * npm runs this before it publishes a folder. It would send the registry the repository's package.json, which
 * postpack.ts has put back by then, beside a tarball with the published one.
 */
console.error("Publish the tarball, not the folder:\n  npm pack\n  npm publish ./x402-assay-*.tgz");
process.exitCode = 1;
