import { clusterFixtures } from "../testing/cluster-fixtures";
import { fleet, request } from "../testing/cluster-forms";
import type { Fixtures } from "../testing/fixtures";
import { clusterGroups, clusterZones } from "./clusters";

export const fixtures: readonly Fixtures[] = [
  clusterFixtures(
    clusterGroups,
    { "three groups": request() },
    {
      "no service-access group": [
        request({}, { ServiceAccessSecurityGroup: undefined }),
        (cluster) => `${cluster} leaves its service-access security group to EMR`,
      ],
      "no primary group": [
        request({}, { EmrManagedMasterSecurityGroup: "" }),
        (cluster) => `${cluster} leaves its primary security group to EMR`,
      ],
      "a list for a group": [
        request({}, { EmrManagedSlaveSecurityGroup: ["sg-2"] }),
        (cluster) => `${cluster} leaves its core security group to EMR`,
      ],
    },
  ),
  clusterFixtures(
    clusterZones,
    {
      "two zones": request(),
      "none, which another rule tells": request({}, { Ec2SubnetIds: [] }),
      "three primary nodes, which lie in one zone": request(
        {},
        { Ec2SubnetIds: ["subnet-1"], InstanceFleets: [fleet("MASTER", 3, 0), fleet("CORE", 2, 0)] },
      ),
    },
    { "one zone": [request({}, { Ec2SubnetIds: ["subnet-1"] }), (cluster) => `${cluster} can start in one zone only`] },
  ),
];
