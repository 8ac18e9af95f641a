import static org.codelibs.opensearch.runner.OpenSearchRunner.newConfigs;

import org.codelibs.opensearch.runner.OpenSearchRunner;

/**
 * One OpenSearch node on loopback, a process of its own so that a test can kill it.
 *
 * <p>java -cp 'jars/*' ClusterNode.java FOLDER NAME HTTP_PORT TRANSPORT_PORT ALL_TRANSPORT_PORTS (joined by commas);
 * ends when its standard input ends, so it never outlives whoever started it.
 */
final class ClusterNode {
    private ClusterNode() {}

    public static void main(String[] given) throws Exception {
        String[] ports = given[4].split(",");
        OpenSearchRunner runner = new OpenSearchRunner();
        runner.onBuild((number, settings) -> {
            settings.put("node.name", given[1]);
            settings.put("network.host", "127.0.0.1");
            settings.put("http.port", given[2]);
            settings.put("transport.port", given[3]);
            for (int at = 0; at < ports.length; at++) {
                ports[at] = ports[at].replaceFirst("^(127\\.0\\.0\\.1:)?", "127.0.0.1:");
            }
            settings.putList("discovery.seed_hosts", ports);
            settings.putList("cluster.initial_cluster_manager_nodes", "node-1");
            settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
            settings.put("cluster.fault_detection.follower_check.timeout", "2s");
            settings.put("cluster.fault_detection.leader_check.timeout", "2s");
            settings.put("node.processors", 2);
        });
        runner.build(newConfigs().basePath(given[0]).clusterName("ocop-test").numOfNode(1).useLogger().printOnFailure());
        while (System.in.read() >= 0) {
            continue;
        }
        Runtime.getRuntime().halt(0);
    }
}
