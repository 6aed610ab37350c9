package comm.tests.ranks;

import comm.api.CommConfig;
import comm.api.Communicator;
import java.nio.file.Path;
import java.time.Duration;

/** Opens a communicator and closes it; args: rank, size, rootinfo path. */
public final class OpenAt {

  private OpenAt() {}

  public static void main(String[] args) {
    CommConfig config =
        CommConfig.of(Integer.parseInt(args[0]), Integer.parseInt(args[1]), Path.of(args[2]))
            .withBackend("sim")
            .withTimeout(Duration.ofSeconds(30));
    System.out.println("opening");
    Communicator.open(config).close();
    System.out.println("opened");
  }
}
