// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Profiling

@Suite("Readable names of C, C++ and Rust")
struct NativeNameTests {
    @Test(
        "noise is dropped and the rest kept",
        arguments: [
            ("malloc", "malloc"),
            ("malloc@plt", "malloc@plt"),
            ("memcpy@@GLIBC_2.14", "memcpy"),
            ("_int_free.part.0", "_int_free"),
            ("f.constprop.0.isra.0", "f"),
            ("f.cold", "f"),
            ("block_copy_helper.10", "block_copy_helper.10"),
            (".L1", ".L1"),
            ("f(int) (.cold)", "f"),
            ("f(int) [clone .cold]", "f"),
            ("(anonymous namespace)::ClassImpl::childOffset(long)", "ClassImpl::childOffset"),
            (
                "std::__cxx11::basic_string<char, std::allocator<char>>::compare(char const*) const",
                "std::__cxx11::basic_string::compare"
            ),
            (
                "g()::$_0::operator()() const::'lambda'(int)::operator()(int) const &",
                "g::$_0::operator()::'lambda'::operator()"
            ),
            ("swift::Ref<(swift::Inlined)1>::f(void (*)(char const*), int)", "swift::Ref::f"),
            ("P::operator<<(char) &", "P::operator<<"),
            ("bool operator==<int>(A<int> const&)", "operator=="),
            ("bool operator< <int>(A<int> const&)", "operator<"),
            ("bool operator<=><int>(A<int> const&)", "operator<=>"),
            ("T::operator->() const", "T::operator->"),
            ("operator new(unsigned long)", "operator new"),
            ("F<(1 > 2), decltype(a->b)>::f()", "F::f"),
            (
                "void llvm::function_ref<void (int)>::callback_fn<f(int)::$_0>(long, int)",
                "llvm::function_ref::callback_fn"
            ),
            ("A<int>& B<A<int>&>::operator+=<char>(char const*)", "B::operator+="),
            ("non-virtual thunk to A::f()", "non-virtual thunk to A::f"),
            ("guard variable for f(int)::x", "guard variable for f::x"),
            ("F<fn() -> T>::g", "F::g"),
            ("T::operator>>=(T)", "T::operator>>="),
            ("<T as Trait>::f", "<T as Trait>::f"),
            ("f(int", "f(int"),
            ("f)", "f)"),
            ("", ""),
        ]
    )
    func shortened(symbol: String, name: String) {
        #expect(NativeName.readable(symbol) == name)
    }
}
