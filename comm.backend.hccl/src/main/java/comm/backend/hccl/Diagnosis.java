package comm.backend.hccl;

import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import comm.api.spi.WaitLimit;
import comm.backend.hccl.cann.Acl;
import comm.backend.hccl.cann.Cann;
import comm.backend.hccl.cann.CannException;
import comm.backend.hccl.cann.CannLibraries;
import comm.backend.hccl.cann.Family;
import comm.backend.hccl.cann.HcclEnvironment;
import comm.backend.hccl.cann.Installation;
import comm.backend.hccl.device.Device;
import comm.backend.hccl.device.DeviceThread;
import comm.backend.hccl.rendezvous.Wait;
import comm.backend.hccl.window.Strategies;
import comm.backend.hccl.window.StrategyName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * What a person who sets a machine up wants to know: driver, CANN, devices, and which strategy
 * would make windows reachable. Files are read first; then a device is opened for a moment, unless
 * there is none.
 */
final class Diagnosis {

  /** A driver that doesn't answer must not keep anybody longer. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Map<String, String> environment;

  /** Written by two threads while the device is asked. */
  private final Map<String, String> facts = Collections.synchronizedMap(new LinkedHashMap<>());

  Diagnosis(Map<String, String> environment) {
    this.environment = environment;
  }

  Map<String, String> facts() {
    Installation installation = new Installation(environment);
    CannLibraries libraries = new CannLibraries(environment);
    facts.put("driver", installation.driverVersion().orElse("not found"));
    facts.put(
        "cann",
        installation.cannVersion().orElse("version not found")
            + installation.home().map(home -> " in " + home).orElse(""));
    facts.put("deviceNodes", list(installation.deviceNodes(), "none in /dev"));
    facts.put("aclLibraries", list(libraries.find(Family.ACL), "not found"));
    facts.put("hcclLibraries", list(libraries.find(Family.HCCL), "not found"));
    if (!installation.stubDirectories().isEmpty()) {
      facts.put(
          "stubDirectories",
          list(installation.stubDirectories(), "")
              + ": stubs to link with, not to run; take them out of LD_LIBRARY_PATH");
    }
    HcclEnvironment hccl = new HcclEnvironment(environment);
    facts.put("environment", hccl.inForce());
    facts.put(
        "limitsBeneath",
        "connecting ends after "
            + hccl.connectDeadline().toSeconds()
            + " s, an operation "
            + (hccl.execTimeout().isZero()
                ? "never"
                : "after " + hccl.execTimeout().toSeconds() + " s")
            + ", one on the AI CPU after 60 s on A3 and 28 s on A2 unless the program sets it:"
            + " where a timeout of ours is longer, these speak first");
    if (libraries.missing(Family.ACL).isEmpty()) {
      askDevice(new Cann(libraries));
    }
    synchronized (facts) {
      return new LinkedHashMap<>(facts);
    }
  }

  private static String list(List<Path> paths, String none) {
    return paths.isEmpty()
        ? none
        : paths.stream().map(Path::toString).collect(Collectors.joining(", "));
  }

  private void askDevice(Cann cann) {
    DeviceThread thread = new DeviceThread("comm-hccl-describe");
    Wait wait = new Wait(new WaitLimit(PATIENCE, "ranks doctor"), () -> false);
    try {
      thread.call(
          () -> {
            ask(cann);
            return true;
          },
          () -> {
            if (wait.isOver() || Thread.currentThread().isInterrupted()) {
              throw new BackendFailure(new Failure.Cancelled(), wait.waited());
            }
          });
    } catch (CannException e) {
      facts.put("device", String.valueOf(e.getMessage()));
    } catch (BackendFailure e) {
      facts.put(
          "device",
          cann.calls().current().orElse("the device")
              + " has not returned after "
              + PATIENCE.toSeconds()
              + " s; see npu-smi info and the driver's log");
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      facts.put("device", "JNA can't be loaded: " + e.getMessage());
    } finally {
      thread.end();
    }
  }

  private void ask(Cann cann) throws CannException {
    Device device = Device.open(cann, count -> 0, OptionalLong.empty());
    try {
      Acl acl = cann.acl();
      int[] version = acl.version();
      facts.put("aclVersion", version[0] + "." + version[1] + "." + version[2]);
      facts.put("devices", Integer.toString(acl.deviceCount()));
      String soc = acl.socName().orElse("");
      facts.put("soc", soc.isEmpty() ? "unknown" : soc);
      addStrategies(Strategies.objections(cann, soc, true));
    } finally {
      device.close();
    }
  }

  private void addStrategies(Map<StrategyName, String> objections) {
    objections.forEach(
        (name, objection) ->
            facts.put("strategy." + name, objection.isEmpty() ? "possible" : "no: " + objection));
    facts.put(
        "strategy",
        objections.entrySet().stream()
            .filter(entry -> entry.getValue().isEmpty())
            .map(entry -> entry.getKey().toString())
            .findFirst()
            .map(name -> name + " would be tried first, on one host")
            .orElse("none is possible"));
  }
}
