package comm.backend.hccl.cann;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Words for libraries and functions that aren't there, and for libraries that can't be loaded. */
final class Missing {

  private static final String SET_ENV =
      "source CANN's set_env.sh before starting Java: LD_LIBRARY_PATH is read when a process starts";

  private static final String OPS_PACKAGE =
      "from CANN 8.5 on it comes with the ops package of the SoC (Ascend-cann-<soc>-ops), not with"
          + " the toolkit: install it";

  private static final String DRIVER =
      "libascend_hal.so and its like come with the driver: install that, in a container mount"
          + " /usr/local/Ascend/driver, and have /usr/local/Ascend/driver/lib64/driver and"
          + " /usr/local/Ascend/driver/lib64/common in LD_LIBRARY_PATH before starting Java";

  private Missing() {}

  /** No library of a family is there. */
  static CannException library(String symbol, Family family, CannLibraries libraries) {
    String text =
        "neither "
            + String.join(" nor ", family.names())
            + " found in "
            + list(libraries.directories())
            + (libraries.stubs().isEmpty()
                ? ""
                : "; not used, because what is there is to link with only: "
                    + list(libraries.stubs()));
    String advice;
    if (family == Family.HCCL && !libraries.find(Family.ACL).isEmpty()) {
      advice = OPS_PACKAGE;
    } else if (libraries.stubs().isEmpty()) {
      advice = "install the CANN toolkit and source its set_env.sh before starting Java";
    } else {
      advice =
          "take directories named devlib or stub out of LD_LIBRARY_PATH, put lib64 of CANN there, and"
              + " start Java anew";
    }
    return CannException.unusable(symbol, text, advice);
  }

  /** All libraries of the family were opened, and none has the function. */
  static CannException symbol(CannFunction function, List<Path> looked) {
    boolean old = function.since().startsWith("8.1");
    String advice;
    if (!old) {
      advice = "use CANN " + function.since() + " or later";
    } else if (function.family() == Family.HCCL) {
      advice = OPS_PACKAGE + ", of the toolkit's version";
    } else {
      advice = "CANN has it since " + function.since() + ": reinstall CANN, or use that or later";
    }
    return CannException.unusable(
        function.symbol(), function.symbol() + " is not in " + list(looked), advice);
  }

  /** A library is there and can't be loaded. */
  static CannException unloadable(String symbol, LoadedLibrary library) {
    String problem = library.problem().orElse("");
    return CannException.unusable(
        symbol, library.path() + " can't be loaded: " + problem, loadAdvice(problem));
  }

  private static String loadAdvice(String problem) {
    if (problem.contains("libascend_hal") || problem.contains("libdrv")) {
      return DRIVER;
    }
    if (problem.contains("undefined symbol") || problem.contains("symbol lookup")) {
      return "libraries of several CANN versions are mixed: let LD_LIBRARY_PATH name one only, as"
          + " its set_env.sh does";
    }
    if (problem.contains("GLIBC")) {
      return "this system's C or C++ library is too old for this CANN: use a system that CANN's"
          + " release notes name";
    }
    if (problem.contains("ELF") || problem.contains("too short")) {
      return "the file is damaged or for another processor: install CANN for this one ("
          + System.getProperty("os.arch")
          + ")";
    }
    if (problem.contains("cannot open shared object file")) {
      return "the library that it names is not found: " + SET_ENV;
    }
    return SET_ENV;
  }

  private static String list(List<Path> paths) {
    return paths.stream().map(Path::toString).collect(Collectors.joining(", "));
  }
}
