package comm.testkit.run;

import comm.testkit.TimeScale;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The options of rank processes. */
final class JvmOptions {

  /** What makes this JVM's modules what they are: tests may be patched into them. */
  private static final Set<String> PASSED_ON =
      Set.of("--patch-module", "--add-reads", "--add-opens", "--add-exports", "--add-modules");

  private JvmOptions() {}

  static List<String> forRanks(List<String> own) {
    List<String> options = new ArrayList<>();
    // Many, short-lived, and on few processors.
    options.add("-XX:TieredStopAtLevel=1");
    options.add("-XX:+UseSerialGC");
    String scale = System.getProperty(TimeScale.PROPERTY);
    if (scale != null) {
      options.add("-D" + TimeScale.PROPERTY + "=" + scale);
    }
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      int equals = option.indexOf('=');
      if (equals > 0 && PASSED_ON.contains(option.substring(0, equals))) {
        options.add(option);
      }
    }
    if (RankOfTest.class.getModule().isNamed()) {
      options.add("--add-modules=ALL-MODULE-PATH");
    }
    options.addAll(own);
    return options;
  }
}
