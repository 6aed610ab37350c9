package comm.worker.device;

import comm.worker.kernel.Kernel;
import comm.worker.naming.NamedClass;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The kernels that a chip in this JVM can run: registered ones, those that the service loader
 * finds, and classes by their names. Each is made once, when it is first asked for.
 */
final class Kernels {

  private final Map<String, Kernel> known = new ConcurrentHashMap<>();

  void register(String name, Kernel kernel) {
    if (known.putIfAbsent(name, kernel) != null) {
      throw new IllegalArgumentException("there is a kernel \"" + name + "\" already");
    }
  }

  /**
   * The kernel of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  Kernel find(String name) {
    Kernel kernel = known.get(name);
    if (kernel == null) {
      kernel = name.contains("/") || name.contains(".") ? ofClass(name) : ofService(name);
      known.put(name, kernel);
    }
    return kernel;
  }

  private Kernel ofService(String name) {
    Map<String, Kernel> found = new TreeMap<>();
    try {
      for (Kernel kernel : ServiceLoader.load(Kernel.class)) {
        found.putIfAbsent(kernel.name(), kernel);
      }
    } catch (ServiceConfigurationError e) {
      throw new IllegalArgumentException("a provider of kernels is broken: " + e.getMessage(), e);
    }
    Kernel kernel = found.get(name);
    if (kernel == null) {
      found.putAll(known);
      throw new IllegalArgumentException(
          "there is no kernel \""
              + name
              + "\"; "
              + (found.isEmpty() ? "none is known" : "known are: " + found.keySet())
              + "; a module names its kernels by \"provides "
              + Kernel.class.getName()
              + " with\", and a class is given as module/package.Class");
    }
    return kernel;
  }

  private static Kernel ofClass(String name) {
    try {
      Class<?> type = NamedClass.find(name);
      if (!Kernel.class.isAssignableFrom(type)) {
        throw new IllegalArgumentException(name + " does not implement " + Kernel.class.getName());
      }
      return (Kernel) type.getConstructor().newInstance();
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException(
          "kernel "
              + name
              + " can't be made: its package must be exported, at least to comm.worker",
          e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          "kernel "
              + name
              + " can't be made: "
              + e
              + "; it needs to be a public class with a public constructor without parameters",
          e);
    }
  }
}
