package comm.backend.hccl.device;

import comm.backend.hccl.cann.Acl;
import comm.backend.hccl.cann.Cann;
import comm.backend.hccl.cann.CannException;
import comm.backend.hccl.cann.Family;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * ACL is initialised once for a process, whoever does it first, and finalised when the JVM ends:
 * after a finalisation older releases can't be used again in that process, and each one may wait up
 * to 2 s for the device's logs.
 */
final class AclProcess {

  private static final System.Logger LOGGER = System.getLogger(AclProcess.class.getName());

  /** Longer than the 2 s that ACL itself may take. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Set<String> INITIALISED = new HashSet<>();

  private static int devicesOpen;

  private AclProcess() {}

  /** Initialises ACL unless that is done; from now on a device is open. */
  static void enter(Cann cann) throws CannException {
    synchronized (INITIALISED) {
      String library = cann.libraries().find(Family.ACL).toString();
      if (!INITIALISED.contains(library)) {
        // Who came before us in this process, such as a framework, finalises it itself.
        if (cann.acl().init()) {
          Runtime.getRuntime()
              .addShutdownHook(new Thread(() -> finishInTime(cann.acl()), "comm-acl-shutdown"));
        }
        INITIALISED.add(library);
      }
      devicesOpen++;
    }
  }

  /** A device is closed. */
  static void leave() {
    synchronized (INITIALISED) {
      devicesOpen--;
    }
  }

  /** The JVM waits for its hooks, so this one must end even where the library doesn't. */
  private static void finishInTime(Acl acl) {
    Thread finishing = new Thread(() -> finish(acl), "comm-acl-finalize");
    finishing.setDaemon(true);
    finishing.start();
    try {
      finishing.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void finish(Acl acl) {
    synchronized (INITIALISED) {
      if (devicesOpen > 0) {
        // A rank ends without closing: pulling ACL from under a call that still runs would crash
        // it.
        return;
      }
      try {
        acl.finalizeAcl();
      } catch (CannException e) {
        LOGGER.log(System.Logger.Level.WARNING, "aclFinalize failed as the process ends", e);
      }
    }
  }
}
