import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties } from "../../../cli/plan/shape";
import { Cloud, CLOUD_VARIABLE } from "./cloud";
import { exitWithParent } from "./exit-with-parent";
import { CloudProvider, type Configuration, type Identity } from "./provider";
import { listen, unary } from "./rpc";
import { versionOf, type PackageName } from "./typings";

/**
 * Serves the engine as the provider of a package. `@pulumi/pulumi/provider` has a server too, but one that cannot take
 * part in a preview and is not told a resource's old inputs.
 */
export async function serve(name: PackageName): Promise<void> {
  exitWithParent();
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1 });
  server.addService(ResourceProviderService, methods(name));
  // The engine reads it.
  console.log(String(await listen(server)));
}

/** Of a provider that is asked before it is configured, or never. */
const UNCONFIGURED: Configuration = { account: { accountId: "", region: "" }, defaultTags: {} };

function methods(name: PackageName): grpc.UntypedServiceImplementation {
  const cloud = new Cloud(process.env[CLOUD_VARIABLE] ?? "");
  /** By the engine's connection: it opens one for each provider that a stack configures. */
  const configured = new Map<string, CloudProvider>();
  const providerOf = (peer: string): CloudProvider => configured.get(peer) ?? new CloudProvider(cloud, UNCONFIGURED);
  return {
    getPluginInfo: unary(() => new PluginInfo().setVersion(versionOf(name))),
    attach: unary(() => new Empty()),
    cancel: unary(() => new Empty()),
    configure: unary((request: messages.ConfigureRequest, peer) => {
      configured.set(peer, new CloudProvider(cloud, configurationOf(plain(request.getArgs()))));
      return new messages.ConfigureResponse().setSupportspreview(true);
    }),
    check: unary((request: messages.CheckRequest, peer) => {
      const inputs = providerOf(peer).check(identityOf(request), plain(request.getOlds()), plain(request.getNews()));
      return new messages.CheckResponse().setInputs(struct(inputs));
    }),
    diff: unary((request: messages.DiffRequest, peer) => {
      const [inputs, outputs] = [plain(request.getOldInputs()), plain(request.getOlds())];
      const difference = providerOf(peer).diff(identityOf(request), inputs, outputs, plain(request.getNews()));
      const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
      return new messages.DiffResponse()
        .setChanges(difference.changed.length > 0 ? DIFF_SOME : DIFF_NONE)
        .setDiffsList([...difference.changed])
        .setReplacesList([...difference.replaces])
        .setDeletebeforereplace(difference.deleteBeforeReplace);
    }),
    create: unary(async (request: messages.CreateRequest, peer) => {
      const news = plain(request.getProperties());
      const response = new messages.CreateResponse();
      if (request.getPreview())
        return response.setProperties(struct(providerOf(peer).preview(identityOf(request), news)));
      const { id, outputs } = await providerOf(peer).create(identityOf(request), news);
      return response.setId(id).setProperties(struct(outputs));
    }),
    update: unary((request: messages.UpdateRequest, peer) => {
      const state = { inputs: plain(request.getOldInputs()), outputs: plain(request.getOlds()) };
      const [identity, news] = [identityOf(request), plain(request.getNews())];
      const outputs = request.getPreview()
        ? providerOf(peer).updated(identity, state, news)
        : providerOf(peer).update(identity, request.getId(), state, news);
      return new messages.UpdateResponse().setProperties(struct(outputs));
    }),
    read: unary((request: messages.ReadRequest, peer) => {
      const found = providerOf(peer).read(identityOf(request), request.getId());
      const response = new messages.ReadResponse();
      // No id says that the resource is gone.
      if (!found) return response;
      return response.setId(found.id).setInputs(struct(found.inputs)).setProperties(struct(found.outputs));
    }),
    delete: unary((request: messages.DeleteRequest, peer) => {
      providerOf(peer).delete(identityOf(request), request.getId());
      return new Empty();
    }),
    invoke: unary((request: messages.InvokeRequest, peer) => {
      const answer = providerOf(peer).invoke(request.getTok(), plain(request.getArgs()));
      return new messages.InvokeResponse().setReturn(struct(answer));
    }),
  };
}

function identityOf(request: { getUrn(): string; getType(): string; getName(): string }): Identity {
  return { urn: request.getUrn(), type: request.getType(), name: request.getName() };
}

/** A provider's configuration has its objects as JSON text. */
function configurationOf(args: Properties): Configuration {
  const parsed = (key: string): unknown => (typeof args[key] === "string" ? JSON.parse(args[key]) : undefined);
  const [accountId = ""] = (parsed("allowedAccountIds") as string[] | undefined) ?? [];
  const { tags = {} } = (parsed("defaultTags") as { tags?: Properties } | undefined) ?? {};
  return { account: { accountId, region: typeof args.region === "string" ? args.region : "" }, defaultTags: tags };
}

function plain(properties: Struct | undefined): Properties {
  return properties?.toJavaScript() ?? {};
}

function struct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties);
}
