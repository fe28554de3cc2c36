import java.nio.file.Path;
import org.neo4j.dbms.api.DatabaseManagementService;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;

/** A Neo4j 5 Community server in this JVM: Neo4jServer HOME CONF. Ends in order on SIGTERM. */
public final class Neo4jServer {
    public static void main(String[] arguments) throws InterruptedException {
        DatabaseManagementService server = new DatabaseManagementServiceBuilder(Path.of(arguments[0]))
                .loadPropertiesFromFile(Path.of(arguments[1]))
                .build();
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
        Thread.currentThread().join();
    }
}
