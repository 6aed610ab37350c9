package comm.testkit.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Stops a process for a time. */
record Frozen(long pid) {

  void during(long nanos, Runnable afterwards) throws IOException {
    signal("STOP");
    CompletableFuture<Void> unused =
        CompletableFuture.runAsync(
            () -> {
              try {
                signal("CONT");
              } catch (IOException e) {
                System.getLogger(Frozen.class.getName())
                    .log(System.Logger.Level.WARNING, "process " + pid + " stays stopped", e);
              }
              afterwards.run();
            },
            CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS));
  }

  private void signal(String name) throws IOException {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(pid))
            .redirectErrorStream(true)
            .start();
    String text = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (kill.waitFor() != 0) {
        throw new IOException("kill -" + name + " " + pid + ": " + text);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
