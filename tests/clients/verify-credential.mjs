// Checks a credential as docs/partners.md says: `node verify-credential.mjs ADDRESS FILE`. Prints what was said of it.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { createLocalJWKSet, createRemoteJWKSet, importJWK, jwtVerify } from "jose";

const [address, file] = process.argv.slice(2);
const expected = (issuer) => ({ issuer, typ: "vc+jwt", algorithms: ["EdDSA"] });
const keys = createRemoteJWKSet(new URL(`${address}/.well-known/credential-keys.json`));

const profile = await (await fetch(`${address}/credentials/issuer`)).json();
const jwt = readFileSync(file, "utf8").trim();
const { payload, protectedHeader } = await jwtVerify(jwt, keys, expected(profile.id));

// By the profile, too: the method that the header names, of those that are bound to the issuer.
const method = profile.verificationMethod.find(({ id }) => id === protectedHeader.kid);
if (method.controller !== payload.issuer.id || !profile.assertionMethod.includes(method.id)) throw new Error("not bound");
await jwtVerify(jwt, await importJWK(method.publicKeyJwk), expected(profile.id));
await jwtVerify(jwt, createLocalJWKSet({ keys: [method.publicKeyJwk] }), expected(profile.id));

const entry = payload.credentialStatus;
const path = new URL(entry.statusListCredential).pathname;
const list = await jwtVerify(await (await fetch(`${address}${path}`)).text(), keys, expected(profile.id));
const bits = gunzipSync(Buffer.from(list.payload.credentialSubject.encodedList.slice(1), "base64url"));
const index = Number(entry.statusListIndex);
const revoked = Boolean(bits[Math.floor(index / 8)] & (0x80 >> index % 8));

console.log(JSON.stringify({ event: payload.credentialSubject.achievement.name, places: bits.length * 8, revoked }));
