// SPDX-License-Identifier: Apache-2.0

/// The function that an address belongs to.
package struct Frame: Sendable, Hashable {
    /// The function's name, as people read it.
    ///
    /// The object stands in for an unknown name, and the address, as `0x1f`, for an unknown object.
    package let function: String
    /// The Swift module that declares the function, such as `Tasklets` or `Swift`.
    ///
    /// Nil for C and C++ functions, and for thunks, which belong to no module.
    package let module: String?
    /// The Swift declaration within the module: types from the outermost in, then the function with its labels.
    ///
    /// A closure has the path of the function around it. See ``CodeName`` for how the profiler matches it.
    package let path: [String]
    /// The file name of the executable or library, or the kernel's name for a mapping without a file: `[vdso]`.
    package let object: String?
    /// The source file, where there is debug information.
    ///
    /// Nothing is recognised by it: a file may be renamed, and two modules may have one of the same name.
    package let file: String?
    /// The line in the source file, from 1; nil for compiler-generated code, too.
    package let line: Int?

    package init(
        function: String,
        module: String? = nil,
        path: [String] = [],
        object: String? = nil,
        file: String? = nil,
        line: Int? = nil
    ) {
        self.function = function
        self.module = module
        self.path = path
        self.object = object
        self.file = file
        self.line = line
    }
}
