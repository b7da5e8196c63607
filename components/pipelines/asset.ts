import * as pulumi from "@pulumi/pulumi";
import type { Artifact, ArtifactSource } from "./artifacts";

/** An artifact's content as Pulumi uploads it. */
export function artifactAsset({ content }: Artifact): {
  source: pulumi.asset.Asset | pulumi.asset.Archive;
} {
  if ("folder" in content) return { source: new pulumi.asset.FileArchive(content.folder) };
  if (!("zip" in content)) return { source: asset(content) };
  const files = Object.entries(content.zip).map(([path, file]) => [path, asset(file)] as const);
  return { source: new pulumi.asset.AssetArchive(Object.fromEntries(files)) };
}

function asset(source: ArtifactSource): pulumi.asset.Asset {
  return "text" in source ? new pulumi.asset.StringAsset(source.text) : new pulumi.asset.FileAsset(source.path);
}
