package comm.worker.naming;

/** Finds a class by the name that a person gives. */
public final class NamedClass {

  private NamedClass() {}

  /**
   * The class of a name, not initialised.
   *
   * @param name {@code module/class} for one in a module, or {@code class} for one on the class
   *     path
   * @return the class
   * @throws ClassNotFoundException if there is none, with a message for a person
   */
  public static Class<?> find(String name) throws ClassNotFoundException {
    int slash = name.indexOf('/');
    return slash < 0
        ? classOnClassPath(name)
        : classInModule(name.substring(0, slash), name.substring(slash + 1));
  }

  private static Class<?> classOnClassPath(String name) throws ClassNotFoundException {
    try {
      return Class.forName(name, false, ClassLoader.getSystemClassLoader());
    } catch (ClassNotFoundException e) {
      throw new ClassNotFoundException(
          "there is no class "
              + name
              + " on the class path \""
              + System.getProperty("java.class.path")
              + "\"; a class in a module is given as module/"
              + name,
          e);
    }
  }

  private static Class<?> classInModule(String module, String name) throws ClassNotFoundException {
    Module found =
        ModuleLayer.boot()
            .findModule(module)
            .orElseThrow(() -> new ClassNotFoundException("there is no module " + module));
    Class<?> type = Class.forName(found, name);
    if (type == null) {
      throw new ClassNotFoundException("there is no class " + name + " in module " + module);
    }
    return type;
  }
}
