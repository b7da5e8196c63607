"use strict";

const { X509Certificate } = require("node:crypto");
const fs = require("node:fs");
const tls = require("node:tls");

const NAMED_BY = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE"];
const SYSTEM_BUNDLES = [
  "/etc/ssl/certs/ca-certificates.crt", // Debian, Ubuntu, Alpine
  "/etc/pki/tls/certs/ca-bundle.crt", // Red Hat, Fedora, Amazon Linux
  "/etc/ssl/cert.pem", // macOS
];
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The certificates that this machine trusts, as npm and pip find them: a company's own among them. A Java that comes
 * in a package knows only the public ones.
 * @returns {Buffer[]} in DER
 */
function trustedCertificates(env = process.env) {
  const bundles = [...NAMED_BY.map((name) => env[name]), ...SYSTEM_BUNDLES].filter(
    (file) => file && fs.existsSync(file),
  );
  const found = bundles.flatMap((file) => fs.readFileSync(file, "utf8").match(PEM) ?? []);
  return [...new Set([...tls.rootCertificates, ...found])].map((pem) => new X509Certificate(pem).raw);
}

/**
 * Writes certificates in Java's own key store format (JKS, version 2). The digest at its end, over a password, is left
 * out: Java asks for it only when it is given a password.
 * @param {Buffer[]} certificates in DER
 */
function trustStore(certificates) {
  const entries = certificates.flatMap((certificate, index) => {
    const trustedCertificate = int32(2);
    const created = Buffer.alloc(8);
    return [trustedCertificate, text(String(index)), created, text("X.509"), int32(certificate.length), certificate];
  });
  return Buffer.concat([int32(0xfeedfeed), int32(2), int32(certificates.length), ...entries]);
}

function int32(value) {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}

function text(value) {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(value.length);
  return Buffer.concat([length, Buffer.from(value, "latin1")]);
}

module.exports = { trustStore, trustedCertificates };
